"""The greetings one page leaves for the next, kept by name: a cookie never carries text to show."""

FLASHES = {
    "signed-in": "You are signed in.",
    "signed-out": "You are signed out. Until next time.",
    "postponed": "Done. The event is postponed, and every open calendar says so.",
    "rescheduled": "Done. The new date stands, and every open calendar says so.",
    "acting": "Done. Everything you do from here is done for the one named above.",
    "not-acting": "You can no longer act for them: that grant has ended. Nothing was changed.",
    "grant-ended": "You no longer act for them: that grant has ended. Nothing was done in their name.",
    "accepted": "Done. You now hold this delegation.",
}
