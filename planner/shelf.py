"""The shelf: prepared operations kept for whoever sends them again, by what they weigh.

Documents and their variables are chosen by clients; a number of documents alone would bound nothing.
"""

from collections import OrderedDict

from planner.prepared import Prepared

#: A document's text and which of its operations is meant.
Key = tuple[str, str | None]


class Shelf:
    """Holds ``most_bytes``; what was asked for least lately goes first.

    Documents that were registered stay, for whatever strangers send: only the plans made of them go.
    """

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self.bytes = 0
        self._held: OrderedDict[Key, Prepared] = OrderedDict()
        self._weights: dict[Key, int] = {}
        self._registered: dict[Key, Prepared] = {}

    def __len__(self) -> int:
        return len(self._held.keys() | self._registered.keys())

    def get(self, key: Key) -> Prepared | None:
        """What is prepared already."""
        found = self._held.get(key)
        if found is None:
            return self._registered.get(key)
        self._held.move_to_end(key)
        return found

    def put(self, key: Key, prepared: Prepared, *, registered: bool) -> None:
        """Hold it, as long as there is room."""
        if registered:
            self._registered[key] = prepared
        self._hold(key, prepared)

    def weigh(self, key: Key, prepared: Prepared) -> None:
        """Weigh it again, for it has got plans. What has left the shelf is left alone."""
        if self._held.get(key) is prepared or self._registered.get(key) is prepared:
            self._hold(key, prepared)

    def _hold(self, key: Key, prepared: Prepared) -> None:
        self.bytes += prepared.weight - self._weights.get(key, 0)
        self._weights[key] = prepared.weight
        self._held[key] = prepared
        while self.bytes > self.most_bytes:
            self._let_go(*self._held.popitem(last=False))

    def _let_go(self, key: Key, prepared: Prepared) -> None:
        self.bytes -= self._weights.pop(key)
        if key in self._registered:
            prepared.forget()
