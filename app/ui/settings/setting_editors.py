"""Editors of a setting's value, one for each kind."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QSpinBox,
    QWidget,
)

from app.domain.setting_spec import SettingKind, SettingSpec, SettingValue
from app.ui.settings.setting_words import choice_words, suffix_of, value_words, zero_words
from app.ui.shown_text import button_text


class SettingEditor(QWidget):
    """Editor with its `field`; a typed value is `edited` until it is `entered`, a chosen one is entered at once."""

    edited = Signal()
    entered = Signal()

    def __init__(self, field: QWidget) -> None:
        super().__init__()
        self.field = field
        field.setMinimumHeight(36)
        self.setFocusProxy(field)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(field)

    def value(self) -> SettingValue:
        raise NotImplementedError

    def show_value(self, value: SettingValue) -> None:
        raise NotImplementedError


class _NumberField(QSpinBox):
    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page: scrolling over a field must not change it."""
        event.ignore()


class _ChoiceField(QComboBox):
    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page: scrolling over a field must not change it."""
        event.ignore()


class NumberEditor(SettingEditor):
    def __init__(self, spec: SettingSpec) -> None:
        self.number = _NumberField()
        super().__init__(self.number)
        self.number.setRange(spec.least, spec.most or 2**31 - 1)
        self.number.setGroupSeparatorShown(True)
        # A stylesheet's padding does not reach the line edit of a spin box.
        self.number.lineEdit().setTextMargins(7, 0, 7, 0)
        self.number.setSuffix(suffix_of(spec))
        self.number.setSpecialValueText(zero_words(spec) if spec.least == 0 else "")
        self.number.valueChanged.connect(self.edited)
        self.number.lineEdit().returnPressed.connect(self.entered)

    def value(self) -> SettingValue:
        return self.number.value()

    def show_value(self, value: SettingValue) -> None:
        self.number.blockSignals(True)
        self.number.setValue(int(value))
        self.number.blockSignals(False)


class ChoiceEditor(SettingEditor):
    def __init__(self, spec: SettingSpec) -> None:
        self.choice = _ChoiceField()
        super().__init__(self.choice)
        self._choices = spec.choices
        for each in spec.choices:
            self.choice.addItem(choice_words(spec.name, each))
        self.choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.choice.activated.connect(self.entered)

    def value(self) -> SettingValue:
        return self._choices[self.choice.currentIndex()]

    def show_value(self, value: SettingValue) -> None:
        self.choice.setCurrentIndex(self._choices.index(str(value)))


class FlagEditor(SettingEditor):
    def __init__(self, spec: SettingSpec) -> None:
        self.flag = QCheckBox(button_text(value_words(spec, value=True).capitalize()))
        super().__init__(self.flag)
        self.flag.clicked.connect(self.entered)

    def value(self) -> SettingValue:
        return self.flag.isChecked()

    def show_value(self, value: SettingValue) -> None:
        self.flag.setChecked(bool(value))


class TextEditor(SettingEditor):
    def __init__(self, spec: SettingSpec) -> None:
        self.text = QLineEdit()
        super().__init__(self.text)
        if spec.most is not None:
            self.text.setMaxLength(spec.most)
        self.text.textEdited.connect(self.edited)
        self.text.returnPressed.connect(self.entered)

    def value(self) -> SettingValue:
        return self.text.text().strip()

    def show_value(self, value: SettingValue) -> None:
        self.text.setText(str(value))


def editor_of(spec: SettingSpec) -> SettingEditor:
    match spec.kind:
        case SettingKind.NUMBER:
            return NumberEditor(spec)
        case SettingKind.CHOICE:
            return ChoiceEditor(spec)
        case SettingKind.FLAG:
            return FlagEditor(spec)
        case SettingKind.TEXT:
            return TextEditor(spec)
