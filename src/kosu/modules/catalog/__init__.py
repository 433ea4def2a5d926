"""catalog: courses, their curriculum, and how they are found."""

from kosu.modules.catalog.events import CatalogueChanged
from kosu.modules.catalog.facade import Catalog
from kosu.modules.catalog.views import (
    CourseCard,
    CourseDetail,
    CourseOffer,
    CourseOutline,
    CurriculumJson,
    HomeRow,
    LessonOutline,
    RatingView,
)

__all__ = [
    "Catalog",
    "CatalogueChanged",
    "CourseCard",
    "CourseDetail",
    "CourseOffer",
    "CourseOutline",
    "CurriculumJson",
    "HomeRow",
    "LessonOutline",
    "RatingView",
]
