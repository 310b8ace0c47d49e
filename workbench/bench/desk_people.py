"""Translators at work at once: sessions over the app's real websocket, as the browser's half speaks it.

Each opens the translation editor, types a draft, confirms, and goes on to the next segment, with a person's pauses.
The messages are Streamlit's own (protobuf), so that the whole server works as it does for a browser: session, page,
fragment, services, store.
"""

from __future__ import annotations

import json
import random
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from threading import Thread
from typing import Any
from urllib.parse import urlencode

COMPONENT = "workbench_translation_editor"
Place = tuple[str, slice]
"""(text, which of its segments): where one translator works."""
ANSWER_SECONDS = 60.0  # no answer for so long is a failed session
RESEND_SECONDS = 4.0  # without an answer the editor sends everything again (RESEND_AFTER in outbox.js)
AHEAD = 4  # rows the editor asks help for beyond the open one
PAUSES = (0.8, 2.4)  # seconds between two deeds; a person needs some twenty for a whole segment


@dataclass(slots=True)
class Worked:
    """What one translator did.

    Attributes:
        confirms, drafts: Milliseconds from sending to the answer that it is stored.
        opened: Milliseconds until the editor stood.
        texts: What was confirmed, by the segment's key in the editor.
        refused: Confirmations that the server refused and told, since somebody else had confirmed the segment.
        trouble: Why the session ended early, empty if it did not.
    """

    opened: float = 0.0
    confirms: list[float] = field(default_factory=list)
    drafts: list[float] = field(default_factory=list)
    texts: dict[int, str] = field(default_factory=dict)
    refused: int = 0
    trouble: str = ""


class Session:
    """One browser session of the translation editor.

    Args:
        url: The app's address.
        slug, target: The text and the language into which it is translated.
    """

    def __init__(self, url: str, slug: str, target: str) -> None:
        from websockets.sync.client import connect

        self.query = urlencode({"text": slug, "to": target})
        self.url = url
        self.client = secrets.token_hex(4)
        self.number = 0
        self.rows: dict[int, Mapping[str, Any]] = {}
        self.data: Mapping[str, Any] = {}
        self.waiting: list[dict[str, Any]] = []
        self.helped: set[int] = set()
        self.component = self.fragment = self.page = ""
        address = f"{url.replace('http', 'ws', 1)}/_stcore/stream"
        self.socket = connect(address, subprotocols=["streamlit"], max_size=None, compression=None)  # type: ignore[list-item]

    def open(self) -> None:
        """Ask for the page and wait until the editor is drawn."""
        self._run({})
        self._answer(0)

    def do(self, *operations: dict[str, Any]) -> int:
        """Send operations, and wait until they are dealt with."""
        for operation in operations:
            self.number += 1
            self.waiting.append({**operation, "n": self.number})
        message = {
            "client": self.client, "ops": self.waiting, "seen": self.number, "epoch": self.data.get("epoch", ""),
            "have": self.data.get("version", 0), "drawn": self.data.get("drawing", 0),
            "place": [self.data.get(name) for name in ("slug", "target", "source")],
        }  # fmt: skip
        end = time.monotonic() + ANSWER_SECONDS
        while True:
            self._run({"event": "ops", "value": message})
            try:
                self._answer(self.number, RESEND_SECONDS)
                break
            except TimeoutError:
                if time.monotonic() > end:
                    raise
        self.waiting = []
        return self.number

    def look(self, keys: Sequence[int]) -> dict[str, Any]:
        """Return the operation that asks help for rows; the editor asks once for each."""
        wanted = [key for key in keys if key not in self.helped]
        self.helped.update(wanted)
        return {"op": "look", "keys": wanted}

    def refused(self) -> bool:
        """Tell whether the last answer refuses a confirmation of this session."""
        return any(r["client"] == self.client and r["kind"] != "confirmed" for r in self.data["results"])

    def close(self) -> None:
        """Leave."""
        self.socket.close()

    def _run(self, event: Mapping[str, Any]) -> None:
        """Ask for a run of the page, or with an event of the editor's fragment."""
        from streamlit.proto.BackMsg_pb2 import BackMsg

        message = BackMsg()
        run = message.rerun_script
        run.query_string = self.query
        run.context_info.locale = "en-GB"
        run.context_info.timezone = "UTC"
        run.context_info.url = f"{self.url}/translate"
        if event:
            run.page_script_hash, run.fragment_id = self.page, self.fragment
            state = run.widget_states.widgets.add()
            state.id = f"$$STREAMLIT_INTERNAL_KEY_{self.component}__events"
            state.json_trigger_value = json.dumps([event])
            own = run.widget_states.widgets.add()
            own.id, own.json_value = self.component, "{}"
        else:
            run.page_name = "translate"
        self.socket.send(message.SerializeToString())

    def _answer(self, number: int, seconds: float = ANSWER_SECONDS) -> None:
        """Read until the editor has acknowledged an operation; keeps its rows up to date."""
        from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

        end = time.monotonic() + seconds
        while True:
            raw = self.socket.recv(timeout=max(end - time.monotonic(), 0.0))
            message = ForwardMsg.FromString(raw if isinstance(raw, bytes) else raw.encode())
            kind = message.WhichOneof("type")
            if kind == "new_session":
                self.page = message.new_session.page_script_hash
            if kind != "delta" or message.delta.WhichOneof("type") != "new_element":
                continue
            element = message.delta.new_element
            drawn = element.bidi_component if element.WhichOneof("type") == "bidi_component" else None
            if drawn is None or not drawn.component_name.endswith(COMPONENT):
                continue
            self.component, self.fragment = drawn.id, message.delta.fragment_id
            data = (
                json.loads(drawn.mixed.json or "{}") if drawn.WhichOneof("data") == "mixed" else json.loads(drawn.json)
            )
            if data["full"]:
                self.rows = {}
            self.rows |= {row["k"]: row for row in data["rows"]}
            self.data = data
            if data["acks"].get(self.client, 0) >= number:
                return


def work(url: str, place: Place, target: str, *, count: int, seed: int) -> Worked:
    """Be a translator: take the segments of a text that are one's own, in their order.

    Args:
        place: The text and one's segments; no two translators share a segment.
        count: Segments to confirm.
        seed: Draws the pauses, and stands in what is typed, so that nobody else confirms the same words.
    """
    chance = random.Random(seed)  # noqa: S311 - pauses, not secrets
    done = Worked()
    slug, own = place
    try:
        time.sleep(chance.uniform(0, PAUSES[1]))
        started = time.perf_counter()
        session = Session(url, slug, target)
        session.open()
        done.opened = _since(started)
        keys = [key for key, row in sorted(session.rows.items(), key=lambda item: item[1]["p"])][own]
        session.do(session.look(keys[: AHEAD + 1]))
        for number, key in enumerate(keys[:count]):
            text = f"{session.rows[key]['s']} ({seed}/{number})"
            time.sleep(chance.uniform(*PAUSES))
            started = time.perf_counter()
            session.do({"op": "draft", "key": key, "text": text[: len(text) // 2], "check": text[: len(text) // 2]})
            done.drafts.append(_since(started))
            time.sleep(chance.uniform(*PAUSES))
            token = session.rows[key].get("tok")
            started = time.perf_counter()
            session.do(
                {"op": "confirm", "key": key, "text": text, "token": token},
                session.look(keys[number + 1 : number + 2 + AHEAD]),
            )
            done.confirms.append(_since(started))
            if session.refused():  # somebody else was quicker on this segment: told, with both texts
                done.refused += 1
            else:
                done.texts[key] = text
        session.close()
    except Exception as error:  # a session that fails is a result of the measurement
        done.trouble = f"{slug}, translator {seed}: {type(error).__name__}: {error}"
    return done


def work_at_once(url: str, places: Sequence[Place], *, target: str, count: int) -> tuple[list[Thread], list[Worked]]:
    """Start translators, each in a thread and at a place. Returns the threads to wait for and the list they fill."""
    done: list[Worked] = []

    def one(place: Place, seed: int) -> None:
        done.append(work(url, place, target, count=count, seed=seed))

    threads = [Thread(target=one, args=(place, seed), daemon=True) for seed, place in enumerate(places)]
    for thread in threads:
        thread.start()
    return threads, done


def _since(started: float) -> float:
    return (time.perf_counter() - started) * 1e3
