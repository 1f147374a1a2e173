"""What a question has in common with any text at all.

Similarities shift with a question's language: a threshold fitted on English refuses most Arabic questions. The mean
similarity to these everyday sentences shifts with them, so what remains above it can be compared across languages.
"""

SENTENCES = (
    "The match was postponed because of heavy rain.",
    "She bought fresh bread and two litres of milk.",
    "The museum opens at ten o'clock except on Mondays.",
    "Scientists described a new species of beetle last year.",
    "The committee will publish its report in the spring.",
    "He learned to play the piano as a child.",
    "The company sold its factory to a competitor.",
    "A bridge over the river was built in the nineteenth century.",
    "Add the onions and let them cook slowly for ten minutes.",
    "The film won three prizes at the festival.",
    "Farmers in the valley grow apples, plums and walnuts.",
    "The train to the coast leaves every two hours.",
    "Parliament adopted the budget after a long debate.",
    "Patients should take the medicine with food.",
    "The library has more than forty thousand books.",
    "Prices of fuel rose sharply in the first quarter.",
    "The school teaches mathematics in two languages.",
    "The castle stands on a hill above the old town.",
    "Water boils at a lower temperature in the mountains.",
    "The court rejected the appeal for lack of evidence.",
    "Volunteers planted five hundred trees along the road.",
    "The software must be updated before it is used again.",
    "Her grandmother told her stories about the sea.",
    "The agreement was signed by both governments in the capital.",
    "Police asked witnesses to come forward.",
    "The orchestra played works by two young composers.",
    "The region has hot summers and cold winters.",
    "Employees may work from home one day a week.",
    "The ministry announced a public call for proposals.",
    "The telescope can see galaxies billions of light years away.",
    "Children under six travel free of charge.",
    "The novel is set in a small fishing village.",
)
