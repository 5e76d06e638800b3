"""What each person keeps of the console: columns, views, exports, notifications, recent items."""
