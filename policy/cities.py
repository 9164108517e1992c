"""Who may know of cities: everyone. A city office's contact data is for members."""

READABLE = "true"
CONTACT = "({viewer.member} OR {viewer.secretariat})"
