"""The greetings one page leaves for the next, kept by name: a cookie never carries text to show."""

FLASHES = {
    "signed-in": "You are signed in.",
    "signed-out": "You are signed out. Until next time.",
    "postponed": "Done. The event is postponed, and everyone's calendar says so.",
    "rescheduled": "Done. The new date stands, and everyone's calendar says so.",
    "acting": "Done. Everything you do from here is done for the one named above.",
    "not-acting": "You can no longer act for them: that grant has ended. Nothing was changed.",
    "accepted": "Done. You now hold this delegation.",
}
