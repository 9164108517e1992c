"""The greetings one page leaves for the next, kept by name: a cookie never carries text to show."""

FLASHES = {
    "signed-in": "You are signed in.",
    "signed-out": "You are signed out. Until next time.",
    "signed-out-everywhere": "You are signed out everywhere. Until next time.",
    "session-ended": "Done. That device is signed out, and what was open on it has ended.",
    "token-ended": "Done. That token is no good any more, and its streams have ended.",
    "passkey-added": "Done. Next time, sign in with your passkey.",
    "passkey-not-added": "That passkey could not be added. Try once more; nothing was changed.",
    "passkey-removed": "Done. That passkey signs nobody in any more.",
    "postponed": "Done. The event is postponed, and every open calendar says so.",
    "rescheduled": "Done. The new date stands, and every open calendar says so.",
    "scheduled": "Done. It is on the calendar, and every open calendar says so.",
    "announced": "Done. The date is announced, and every open calendar says so.",
    "moved-online": "Done. It takes place online now, and every open calendar says so.",
    "cancelled": "Done. The event is cancelled, and every open calendar says so.",
    "held": "Done. It is noted as held.",
    "edited": "Done. It reads differently now; no calendar was disturbed.",
    "drafted": "Done. This is a draft: nobody else sees it until you announce it.",
    "none-chosen": "Choose at least one event that you may move.",
    "term-opened": "Done. The term is open.",
    "term-ended": "Done. The term's end stands, and what hung on it ends with it.",
    "appointed": "Done. They belong to the secretariat from now on.",
    "dismissed": "Done. They no longer belong to the secretariat.",
    "acting": "Done. Everything you do from here is done for the one named above.",
    "not-acting": "You can no longer act for them: that delegation has ended. Nothing was changed.",
    "grant-ended": "The delegation you acted under has ended. You act for yourself now; what you did stands.",
    "seen": "Marked as seen. What changes from now on will stand here.",
    "unseen": "Nothing was marked. This is what changed for the one you act for now.",
    "profile-kept": "Done. The profile says so now, and who changed it is noted.",
    "nothing-new": "Nothing was changed: the profile reads as it did.",
    "accepted": "Done. You now hold this delegation. To act under it, change above for whom you act.",
    "accepted-acting": "Done. From here on you act for the mayor named above; change it there.",
    "accepted-before": "You have accepted this already. This is what it allows.",
    "declined": "Done. You have declined; the mayor is told.",
    "invited": "Done. The invitation is in the mail; it is in force once it is accepted.",
    "narrowed": "Done. From now on this delegation allows only what stands here.",
    "withdrawn": "Done. The delegation is withdrawn; nothing more can be done under it.",
    "left": "Done. You have given this delegation back.",
    "ended-already": "This delegation has ended already; there is nothing left to change.",
}

# Those that report no deed of the reader's, and are not to look like praise.
PLAIN = frozenset(
    {
        *("grant-ended", "not-acting", "none-chosen", "unseen", "nothing-new"),
        *("accepted-before", "ended-already", "passkey-not-added"),
    }
)
