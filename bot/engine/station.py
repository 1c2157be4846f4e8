"""What every piece of work is handed."""

import random
from dataclasses import dataclass, field

from bot.engine.activity import Activity
from bot.engine.patience import Patience
from bot.engine.story import Story
from bot.engine.talk import Talk
from bot.settings import Settings


@dataclass(frozen=True)
class Station:
    story: Story
    talk: Talk
    settings: Settings
    patience: Patience = field(default_factory=Patience)
    dice: random.Random = field(default_factory=random.Random)
    activity: Activity = field(default_factory=Activity)
