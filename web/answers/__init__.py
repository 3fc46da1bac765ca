"""What the page shows of an answer, found for it or said otherwise.

Rooms: `shown` is all of one page; `members` writes what an answer names as links and values, `rows` lays
them out, `views` offers the ways to see them that suit (each a `view`: `bars`, `pictures`), `sheet` writes
them as CSV; `proof` numbers the sources, `sentence` puts their numbers into the sentence, `asked` tells the
parts of the question, `sureness` says a confidence in words; `outcomes` and `knowledge` help on where there
is no answer.
"""
