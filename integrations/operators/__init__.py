"""What operators have the desk keep in mind: questions to ask again once there are documents, what was set aside, and
for how long the texts of questions may be shown."""
