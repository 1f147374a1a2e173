"""What a figure may claim: intervals over clusters, tests of differences, and how small a difference could be seen.
Knows numbers only, not what they measure."""
