"""Which rule reads which two items side by side."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from search.answering import (
    columns,
    comparing,
    contrasting,
    folding,
    groups,
    joining,
    ordering,
    ranking,
    relating,
    sameness,
    verbs,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from search.answering.item import Item
    from search.answering.schema import Schema
    from search.answering.seeds import Gap

Rule: TypeAlias = "Callable[[Schema, Item, Item, Gap], Iterable[Item]]"


def skipped(left: Item, right: Item) -> Iterable[Item]:
    """An item beside a word that says nothing here."""
    kept, skip = (left, right) if right.category == "skip" else (right, left)
    # The small words stay in the gap, where they tell what they join.
    yield replace(
        kept, cost=kept.cost + skip.cost, uses=left.uses + right.uses, flags=kept.flags | skip.flags
    )


def _both(first: str, second: str, *rules: Rule) -> dict[tuple[str, str], tuple[Rule, ...]]:
    return {(first, second): rules, (second, first): rules}


RULES: dict[tuple[str, str], tuple[Rule, ...]] = {
    ("set", "set"): (joining.sets, columns.their, sameness.same_kind),
    ("relation", "set"): (
        relating.excepting,
        relating.relation_set,
        relating.relation_kind,
        relating.value_of,
        relating.said_twice,
        relating.absorbed,
        sameness.same_end,
    ),
    ("set", "relation"): (
        relating.set_relation,
        relating.value_of,
        relating.said_twice,
        relating.absorbed,
        columns.their,
        sameness.same_value,
        ranking.by_relation,
        ordering.set_relation,
    ),
    ("relation", "relation"): (columns.relations,),
    ("columns", "relation"): (columns.more_columns,),
    ("relation", "columns"): (columns.more_columns,),
    **_both("columns", "set", columns.columns_set, folding.folds_set),
    **_both("superlative", "set", ranking.superlative_set),
    **_both("superlative", "relation", ranking.superlative_relation),
    ("best", "relation"): (ranking.best_by,),
    **_both("ranking", "set", ranking.ranking_set),
    **_both("most", "set", ranking.most_set),
    **_both("relation", "most", ranking.relation_most),
    ("quantity", "superlative"): (ranking.ordinal_superlative,),
    ("superlative", "quantity"): (ranking.superlative_number,),
    **_both("comparative", "quantity", comparing.comparative_quantity, comparing.between),
    ("condition", "quantity"): (comparing.closed,),
    **_both("condition", "relation", comparing.condition_relation),
    **_both("quantity", "relation", comparing.quantity_relation),
    **_both("condition", "set", comparing.condition_set),
    **_both("quantity", "set", comparing.quantity_set),
    **_both("comparative", "relation", contrasting.comparative_relation),
    **_both("comparative", "set", contrasting.comparative_set),
    ("than", "set"): (contrasting.than_set, contrasting.set_average),
    ("than", "quantity"): (contrasting.than_quantity,),
    ("set", "than"): (contrasting.set_than, contrasting.set_average),
    ("comparative", "operator"): (contrasting.average_bound, folding.comparative_count),
    **_both("than", "relation", contrasting.relation_average),
    **_both("operator", "relation", folding.operator_relation, ordering.direction_relation),
    **_both("operator", "set", folding.operator_set),
    **_both("fold", "set", folding.fold_set),
    ("superlative", "fold"): (folding.fold_operator,),
    ("number", "number"): (folding.numbers,),
    ("rows", "number"): (folding.numbers,),
    **_both("relation", "number", groups.counted_column),
    **_both("columns", "number", groups.counted_column),
    **_both("columns", "group", groups.columns_group, groups.folds_group),
    **_both("fold", "relation", columns.more_columns),
    **_both("fold", "columns", columns.more_columns),
    ("fold", "fold"): (columns.more_columns,),
    ("rows", "operator"): (groups.rows_count, ordering.rows_direction),
    ("operator", "rows"): (groups.rows_count,),
    **_both("columns", "rows", columns.columns_rows),
    ("relation", "rows"): (columns.columns_rows,),
    ("rows", "relation"): (columns.columns_rows, groups.rows_relation),
    **_both("set", "rows", columns.kind_rows),
    **_both("fold", "group", groups.fold_group),
    **_both("common", "set", ranking.common_set),
    ("superlative", "operator"): (folding.superlative_count,),
    **_both("number", "group", groups.number_group),
    ("set", "group"): (groups.number_group, ordering.set_group),
    ("group", "set"): (groups.number_group,),
    **_both("relation", "group", groups.relation_group),
    ("set", "order"): (ordering.set_order, ordering.set_ends),
    ("order", "set"): (ordering.set_order,),
    ("rows", "order"): (ordering.rows_order, ordering.rows_ends),
    ("order", "rows"): (ordering.rows_order,),
    **_both("order", "operator", ordering.order_direction),
    **_both("verb", "set", verbs.verb_set),
    **_both("verb", "most", verbs.verb_set),
    **_both("verb", "condition", verbs.verb_date),
    **_both("verb", "quantity", verbs.verb_date),
    **_both("verb", "quantities", verbs.verb_date),
    **_both("verb", "rows", verbs.verb_rows),
    ("group", "verb"): (verbs.verb_rows,),
    ("quantity", "quantity"): (comparing.quantities, comparing.ranged),
    ("quantity", "condition"): (comparing.ranged,),
    ("quantity", "quantities"): (comparing.quantities,),
    **_both("quantities", "relation", comparing.quantities_relation),
    **_both("quantities", "set", comparing.quantities_set),
    ("quantity", "operator"): (comparing.quantity_degree,),
    ("order", "superlative"): (ordering.order_superlative,),
    ("operator", "operator"): (folding.two_operators,),
    ("superlative", "superlative"): (ordering.superlatives,),
    ("relation", "order"): (ordering.relation_ends,),
    ("order", "order"): (ordering.orders,),
}
