"""Order list model: Qt's model contract, and lazy loading of a long history."""

import random  # noqa: TID251 - chance with a seed
from typing import Any

from PySide6.QtCore import QModelIndex
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QListView

from app.domain.identifiers import OrderId
from app.ui.orders.order_list_model import OrderListModel
from app.ui.theme import Theme


def listed(model: OrderListModel) -> list[OrderId | None]:
    return [model.order_id(at) for at in range(model.rowCount())]


def ids(*numbers: int) -> list[OrderId]:
    return [OrderId(f"o{number}") for number in numbers]


def test_any_change_of_the_list_keeps_the_rules_of_models(qtbot: Any) -> None:
    del qtbot
    model = OrderListModel(lambda row: str(row.order.number))
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    assert tester.model() is model
    chance = random.Random(7)  # noqa: S311 - nothing secret
    for _ in range(60):
        shown = sorted(chance.sample(range(40), chance.randrange(40)), reverse=True)
        model.show(ids(*shown))
        assert listed(model) == ids(*shown)
    model.show(ids(3, 1, 2))
    assert listed(model) == ids(3, 1, 2)
    model.show(ids(*range(500)))
    assert model.rowCount() == 500


def test_an_order_that_stays_keeps_its_place_in_the_selection(qtbot: Any) -> None:
    view, model = QListView(), OrderListModel(str)
    qtbot.addWidget(view)
    view.setModel(model)
    model.show(ids(5, 4, 3, 2, 1))
    view.setCurrentIndex(model.place_of(OrderId("o3")))
    model.show(ids(9, 8, 4, 3, 1))
    assert model.order_id(view.currentIndex().row()) == "o3"
    model.show(ids(9, 4))
    assert listed(model) == ids(9, 4)
    assert model.place_of(OrderId("o3")) == QModelIndex()


def test_of_100000_orders_only_those_in_sight_are_asked_for(theme: Theme, qtbot: Any) -> None:
    del theme
    view, model = QListView(), OrderListModel(str)
    qtbot.addWidget(view)
    asked: list[OrderId] = []
    model.rows_requested.connect(asked.extend)
    view.setUniformItemSizes(True)
    view.setModel(model)
    view.resize(800, 600)
    view.show()
    model.show(ids(*range(100_000)))
    view.grab()
    view.scrollToBottom()
    view.grab()
    assert 0 < len(asked) <= 256
