"""Words a question is asked with, not about; and those that stand small inside a name."""

ENGLISH = frozenset(
    (
        "a an the of in on at to for from by with about as is are was were be been being am do does did has have "
        "had can could will would shall should may might must and or but not no nor if then than that this these "
        "those there here it its he she they them their his her our your my we you i me us who whom whose which "
        "what when where why how many much long often far old any some all each every both either few more most "
        "other such same so too very just only own into through during before after above below between under "
        "over again further once please tell explain describe name give list mention"
    ).split()
)

IN_NAMES = frozenset("a an and as at by for from in into of on or the to with".split())
