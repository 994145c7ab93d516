"""The report file in a browser: headless Chromium shows it light, dark and on paper. Nothing may be asked for
from outside, nothing said on the console, nothing found by axe, no words of a picture may overlap or be cut,
and the page fits on a telephone.

    browser.py --cli build/bin/carenet --data data --axe axe.min.js

Chromium is driven over its own protocol through a pipe, so that nothing else is needed. Where it or axe is
not there the test is skipped (exit status 77)."""

import argparse
import base64
import fcntl
import json
import os
import pathlib
import select
import shutil
import subprocess
import sys
import tempfile
import time

import world as worlds

SKIPPED = 77
SHEETS = ("pathway-card", "referral-sheet")
MEDIA = {
    "light": ("screen", "light", "rgb(255, 255, 255)"),
    "dark": ("screen", "dark", "rgb(20, 26, 34)"),
    "print": ("print", "dark", "rgb(255, 255, 255)"),
}
# Texts of a picture that lie on one another, or outside of it. A point on the edge is no overlap.
LOOK_AT_TEXTS = """(() => {
  const found = [];
  for (const picture of document.querySelectorAll('svg[role=img]')) {
    const frame = picture.getBoundingClientRect();
    const boxes = [...picture.querySelectorAll('text')].map(text => {
      const box = text.getBoundingClientRect();
      return {words: text.textContent, left: box.left, right: box.right,
              top: box.top + box.height * 0.2, bottom: box.bottom - box.height * 0.2};
    });
    for (const [i, a] of boxes.entries()) {
      if (a.left < frame.left - 1 || a.right > frame.right + 1 || a.top < frame.top - 1 ||
          a.bottom > frame.bottom + 1)
        found.push('cut: ' + a.words);
      for (const b of boxes.slice(i + 1))
        if (a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 &&
            b.top < a.bottom - 1)
          found.push('overlap: ' + a.words + ' / ' + b.words);
    }
  }
  return found;
})()"""


class Browser:
    """Chromium with one page, over a pipe of JSON messages that end with a NUL."""

    def __init__(self, program, folder):
        low, self.out = os.pipe()
        self.back, low_back = os.pipe()
        # Out of the way of 3 and 4.
        into, back = (fcntl.fcntl(one, fcntl.F_DUPFD, 10) for one in (low, low_back))
        os.close(low)
        os.close(low_back)
        words = [program, "--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe",
                 "--no-first-run", "--disable-background-networking", "--disable-component-update",
                 "--disable-dev-shm-usage", f"--user-data-dir={folder}", "about:blank"]
        # The browser reads from its file 3 and writes to its file 4.
        shell = f'exec "$@" 3<&{into} 4>&{back} {into}<&- {back}>&-'
        self.process = subprocess.Popen(["bash", "-c", shell, "bash", *words], pass_fds=(into, back),
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(into)
        os.close(back)
        self.buffer, self.number, self.events, self.session = b"", 0, [], None

    def read(self, until):
        while b"\0" not in self.buffer:
            left = until - time.monotonic()
            if left <= 0 or not select.select([self.back], [], [], left)[0]:
                raise SystemExit("failed: the browser does not answer")
            piece = os.read(self.back, 1 << 20)
            if not piece:
                raise SystemExit("failed: the browser has ended")
            self.buffer += piece
        message, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(message)

    def ask(self, method, timeout=60, **params):
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.out, data):]
        until = time.monotonic() + timeout
        while True:
            answer = self.read(until)
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise SystemExit(f"failed: {method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def wait_for(self, method, timeout=60):
        until = time.monotonic() + timeout
        while not any(event.get("method") == method for event in self.events):
            self.events.append(self.read(until))

    def open_page(self):
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.ask(f"{domain}.enable")

    def show(self, path):
        self.events.clear()
        self.ask("Page.navigate", url=pathlib.Path(path).resolve().as_uri())
        self.wait_for("Page.loadEventFired")

    def evaluate(self, script, **options):
        result = self.ask("Runtime.evaluate", expression=script, returnByValue=True, **options)
        if "exceptionDetails" in result:
            raise SystemExit(f"failed: {result['exceptionDetails']}")
        return result["result"].get("value")

    def resize(self, width, height):
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height,
                 deviceScaleFactor=1, mobile=False)

    def use_media(self, media, scheme):
        self.ask("Emulation.setEmulatedMedia", media=media,
                 features=[{"name": "prefers-color-scheme", "value": scheme}])

    def said(self):
        """What the page asked for, and what it said."""
        own = {"Network.requestWillBeSent": lambda p: p["request"]["url"],
               "Runtime.consoleAPICalled": lambda p: f"console: {p['type']}",
               "Runtime.exceptionThrown": lambda p: f"exception: {p['exceptionDetails']['text']}",
               "Log.entryAdded": lambda p: f"log: {p['entry']['text']}"}
        return [own[event["method"]](event["params"]) for event in self.events
                if event.get("method") in own]

    def close(self):
        self.process.terminate()
        self.process.wait(timeout=20)


checked = 0


def check(is_so, what):
    global checked
    checked += 1
    if not is_so:
        raise SystemExit(f"failed: {what}")


def look(browser, path, keep):
    # A sheet of paper is white.
    is_sheet = pathlib.Path(path).stem in SHEETS
    for name, (media, scheme, ground) in MEDIA.items():
        browser.use_media(media, scheme)
        browser.resize(1100, 1400)
        browser.show(path)
        said = browser.said()
        check(said == [pathlib.Path(path).resolve().as_uri()], f"{name}: {said}")
        shown = browser.evaluate("getComputedStyle(document.body).backgroundColor")
        check(shown == (MEDIA["light"][2] if is_sheet else ground), f"{name}: the ground is {shown}")
        found = browser.evaluate(LOOK_AT_TEXTS)
        check(not found, f"{name}: {found[:5]}")
        wide = browser.evaluate("document.documentElement.scrollWidth")
        check(wide <= 1100, f"{name}: the page is {wide} wide")
        if keep:
            keep_picture(browser, f"{keep}/{pathlib.Path(path).stem}-{name}.png")
    browser.use_media("screen", "light")
    browser.resize(390, 800)
    browser.show(path)
    wide = browser.evaluate("document.documentElement.scrollWidth")
    check(wide <= 390, f"on a telephone the page is {wide} wide")


def keep_picture(browser, path):
    shot = browser.ask("Page.captureScreenshot", captureBeyondViewport=True,
                       clip={"x": 0, "y": 0, "scale": 1, "width": 1100, "height":
                             browser.evaluate("document.documentElement.scrollHeight")})
    pathlib.Path(path).write_bytes(base64.b64decode(shot["data"]))


def find_barriers(browser, path, axe):
    """axe is put into the page from here: the page itself lets no script in."""
    browser.ask("Page.setBypassCSP", enabled=True)
    rules = 0
    for name in ("light", "dark"):
        browser.use_media("screen", name)
        browser.resize(1100, 1400)
        browser.show(path)
        browser.evaluate(axe + "; true")
        found = json.loads(browser.evaluate(
            "axe.run(document, {resultTypes: ['violations']}).then(r => JSON.stringify({passes: r.passes.length, violations:"
            " r.violations.map(v => v.id + ': ' + v.nodes[0].html.slice(0, 200) + ' '"
            " + v.nodes[0].failureSummary)}))", awaitPromise=True, timeout=120000))
        check(not found["violations"], f"{name}: {found['violations']}")
        rules += found["passes"]
    browser.ask("Page.setBypassCSP", enabled=False)
    return rules


def print_page(browser, path, keep):
    browser.ask("Emulation.setEmulatedMedia", media="", features=[])
    browser.show(path)
    pdf = base64.b64decode(browser.ask("Page.printToPDF", preferCSSPageSize=True,
                                       printBackground=True)["data"])
    check(pdf.startswith(b"%PDF") and len(pdf) > 10000, "it can be printed")
    if keep:
        pathlib.Path(keep, pathlib.Path(path).stem + ".pdf").write_bytes(pdf)
    return pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page/") + pdf.count(b"/Type /Page ")


def prove_that_it_can_fail(browser, folder):
    """A page that asks, speaks, and lays words on words."""
    page = pathlib.Path(folder, "bad.html")
    page.write_text('<html><body><img src="http://127.0.0.1:9/x.png"><svg role="img" width="99"'
                    ' height="40"><text y="20">one</text><text y="22">two</text></svg>'
                    "<script>console.error(1)</script></body></html>", encoding="utf-8")
    browser.show(page)
    said = " ".join(browser.said())
    if "127.0.0.1" not in said or "console" not in said or not browser.evaluate(LOOK_AT_TEXTS):
        raise SystemExit("failed: this test cannot fail")


def make_pages(world, folder):
    worlds.fill(world, seed=11, cases=60, referred=20)
    pages = []
    for profile in ("internal", "funder"):
        path = pathlib.Path(folder, f"{profile}.html")
        path.write_text(world.report("full", "--profile", profile), encoding="utf-8")
        pages.append(path)
    for sheet in (["pathway-card", "--region", "caraga"], ["referral-sheet"]):
        path = pathlib.Path(folder, f"{sheet[0]}.html")
        path.write_text(world.run("print", *sheet, "--format", "html").stdout, encoding="utf-8")
        pages.append(path)
    return pages


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--cli", required=True)
    parser.add_argument("--data", required=True)
    parser.add_argument("--axe", required=True)
    parser.add_argument("--keep", help="write pictures of the pages into this folder")
    options = parser.parse_args()
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    axe = pathlib.Path(options.axe)
    if program is None or not axe.is_file():
        print(f"skipped: {'no chromium' if program is None else 'no ' + str(axe)}")
        return SKIPPED
    script, rules, sheets = axe.read_text(encoding="utf-8"), 0, {}
    with tempfile.TemporaryDirectory() as folder:
        pages = make_pages(worlds.World(options.cli, options.data, folder), folder)
        browser = Browser(program, f"{folder}/browser")
        try:
            browser.open_page()
            prove_that_it_can_fail(browser, folder)
            for page in pages:
                look(browser, page, options.keep)
                rules += find_barriers(browser, page, script)
                sheets[page.stem] = print_page(browser, page, options.keep)
        finally:
            browser.close()
    for sheet in SHEETS:
        check(sheets[sheet] == 1, f"{sheet} has {sheets[sheet]} pages")
    print(f"{checked} checks of {len(pages)} pages; axe passed {rules} rules; on paper: {sheets}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
