"""The headless Chromium in which tests look at pages."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

_CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
_OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
_OPTIONS += ["--disable-component-update", "--no-first-run"]

in_a_browser = pytest.mark.skipif(not _CHROMIUM, reason="no chromium: install the Debian package `chromium`")


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser without a window."""
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=_CHROMIUM, args=_OPTIONS)


def faint_texts(page: Page) -> tuple[int, list[str]]:
    """How many texts a page shows, and those with a contrast below 4.5, which WCAG 2.2 asks for."""
    count, faint = page.evaluate(_FAINT_TEXTS)
    return count, faint


_FAINT_TEXTS = """() => {
    const parts = colour => colour.match(/[\\d.]+/g).map(Number);
    const luminance = rgb => {
        const [r, g, b] = rgb.map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const contrast = element => {
        let at = element;
        while (at.parentElement && parts(getComputedStyle(at).backgroundColor)[3] === 0) at = at.parentElement;
        const colours = [getComputedStyle(element).color, getComputedStyle(at).backgroundColor];
        const [low, high] = colours.map(each => luminance(parts(each).slice(0, 3))).sort((a, b) => a - b);
        return (high + 0.05) / (low + 0.05);
    };
    const hasText = element => [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim());
    const shown = [...document.body.querySelectorAll("*")].filter(each => hasText(each) && each.checkVisibility());
    return [shown.length, shown.filter(each => contrast(each) < 4.5).map(each => each.textContent)];
}"""
