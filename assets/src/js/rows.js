// Rows of lists by keyboard: "j" and "k" move, "Enter" opens, "x" selects. The row that is on is
// the focused link of its first cell (or the row itself), so Tab and screen readers are there, too.
function rows() {
  return [...document.querySelectorAll("main .listing-table tbody tr")];
}

function focusRow(row) {
  const link = row.querySelector("th a[href]");
  if (!link) row.tabIndex = -1;
  (link ?? row).focus();
  row.scrollIntoView({ block: "nearest" });
}

export function onRow(key, target) {
  if (key !== "j" && key !== "k" && key !== "x") return false;
  const all = rows();
  const at = all.indexOf(target.closest?.("main .listing-table tbody tr"));
  if (key === "x") {
    const box = at >= 0 && all[at].querySelector("[data-select-row]");
    if (box) box.click();
    return Boolean(box);
  }
  if (all.length === 0) return false;
  const next = at < 0 ? 0 : at + (key === "j" ? 1 : -1);
  if (all[next]) focusRow(all[next]);
  return true;
}
