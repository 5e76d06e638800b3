#!/usr/bin/env bash
# The browser tests drive Debian's Chromium and need a font with Chinese glyphs. Its headless shell
# is the same engine for half the work. Where there is none, or nobody may install it, the tests
# take the whole browser, which pictures and Lighthouse need anyway.
set -euo pipefail

shell=chromium-headless-shell
missing=()
command -v chromium >/dev/null || missing+=(chromium)
[ -d /usr/share/fonts/opentype/noto ] && ls /usr/share/fonts/opentype/noto/NotoSansCJK* >/dev/null 2>&1 \
    || missing+=(fonts-noto-cjk)
is_offered() { apt-cache show "$shell" >/dev/null 2>&1; }
if [ ${#missing[@]} -eq 0 ]; then
    command -v "$shell" >/dev/null && exit 0
    is_offered || exit 0
fi

if ! command -v apt-get >/dev/null; then
    echo "The browser tests need: ${missing[*]}. Install them (a chromium on the PATH, Noto CJK fonts)." >&2
    exit 1
fi
as_root=()
if [ "$(id -u)" -ne 0 ]; then
    if ! sudo -n true 2>/dev/null; then
        [ ${#missing[@]} -eq 0 ] && exit 0
        echo "The browser tests need: ${missing[*]}. Run: sudo apt-get install ${missing[*]}" >&2
        exit 1
    fi
    as_root=(sudo -n)
fi
install() {
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}
echo "Installing ${missing[*]:-$shell} for the browser tests"
"${as_root[@]}" apt-get update -qq
[ ${#missing[@]} -eq 0 ] || install "${missing[@]}"
# Both at once: they are of one version.
if is_offered; then install "$shell" chromium || echo "Without $shell: the tests take chromium"; fi
