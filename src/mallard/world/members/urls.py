"""Console pages of this app."""

from __future__ import annotations

from django.urls import URLPattern, path

from mallard.world.members.pages import changes, consents, detail, details, fields, lists, tags

app_name = "members"
_MEMBER = "<uuid:member_id>/"
urlpatterns: list[URLPattern] = [
    path("", lists.member_list, name="list"),
    path("enrol", changes.enrol, name="enrol"),
    path("fields/", fields.field_list, name="fields"),
    path("fields/new", fields.new_field, name="new_field"),
    path("fields/<slug:field_code>", fields.field, name="field"),
    path("fields/<slug:field_code>/retire", fields.retire_field, name="retire_field"),
    path("tags/", tags.tag_list, name="tags"),
    path("tags/new", tags.new_tag, name="new_tag"),
    path("tags/<slug:tag_code>/", tags.tag, name="tag"),
    path("tags/<slug:tag_code>/edit", tags.edit_tag, name="edit_tag"),
    path("tags/<slug:tag_code>/retire", tags.retire_tag, name="retire_tag"),
    path("tags/<slug:tag_code>/merge", tags.merge_tag, name="merge_tag"),
    path(_MEMBER, detail.member_detail, name="detail"),
    path(_MEMBER + "timeline", detail.member_timeline, name="timeline"),
    path(_MEMBER + "edit", changes.edit, name="edit"),
    path(_MEMBER + "close", changes.close, name="close"),
    path(_MEMBER + "reopen", changes.reopen, name="reopen"),
    path(_MEMBER + "erase", changes.erase, name="erase"),
    path(_MEMBER + "unmerge", changes.unmerge, name="unmerge"),
    path(_MEMBER + "identities", details.add_identity, name="add_identity"),
    path(
        _MEMBER + "identities/<uuid:identity_id>/remove",
        details.remove_identity,
        name="remove_identity",
    ),
    path(
        _MEMBER + "identities/<uuid:identity_id>/reveal",
        details.reveal_identity,
        name="reveal_identity",
    ),
    path(_MEMBER + "consents", details.record_consent, name="record_consent"),
    path(_MEMBER + "consents/history", consents.consent_history, name="consents"),
    path(_MEMBER + "tags", details.add_tag, name="add_tag"),
    path(_MEMBER + "tags/<slug:tag_code>/remove", details.remove_tag, name="remove_tag"),
    path(_MEMBER + "referrer", details.name_referrer, name="referrer"),
    path(_MEMBER + "referrer/end", details.end_referral, name="end_referral"),
    path(_MEMBER + "notes", details.add_note, name="add_note"),
    path(_MEMBER + "notes/<uuid:note_id>/remove", details.remove_note, name="remove_note"),
]
