"""Wires learning's use cases."""

from __future__ import annotations

from dependency_injector import containers, providers

from kosu.modules.catalog import Catalog
from kosu.modules.learning.access import LessonAccess
from kosu.modules.learning.annotated import NoteViews
from kosu.modules.learning.current_progress import CurrentProgress
from kosu.modules.learning.enrolled_courses import EnrolledCourses
from kosu.modules.learning.facade import Learning
from kosu.modules.learning.ports import LearningQueries, LearningRecords, ProgressBuffer
from kosu.modules.learning.use_cases.complete_lesson import CompleteLesson
from kosu.modules.learning.use_cases.count_enrolments import CountEnrolments
from kosu.modules.learning.use_cases.enrol_free import EnrolFree
from kosu.modules.learning.use_cases.erase_learner import EraseLearner
from kosu.modules.learning.use_cases.flush_progress import FlushProgress
from kosu.modules.learning.use_cases.list_enrolments import ListEnrolments
from kosu.modules.learning.use_cases.open_lesson import OpenLesson
from kosu.modules.learning.use_cases.read_course_progress import ReadCourseProgress
from kosu.modules.learning.use_cases.read_notes import ReadLessonNotes, SearchNotes
from kosu.modules.learning.use_cases.record_progress import RecordProgress
from kosu.modules.learning.use_cases.view_course import ViewCourse
from kosu.modules.learning.use_cases.view_home import ViewHome
from kosu.modules.learning.use_cases.view_lesson import ViewLesson
from kosu.modules.learning.use_cases.write_notes import EditNote, RemoveNote, WriteNote
from kosu.modules.media import Media
from kosu.ports.clock import Clock
from kosu.ports.id_source import IdSource
from kosu.ports.unit_of_work import Transaction


class LearningContainer(containers.DeclarativeContainer):
    clock: providers.Provider[Clock] = providers.Dependency()
    ids: providers.Provider[IdSource] = providers.Dependency()
    transaction: providers.Provider[Transaction[LearningRecords]] = providers.Dependency()
    queries: providers.Provider[LearningQueries] = providers.Dependency()
    buffer: providers.Provider[ProgressBuffer] = providers.Dependency()
    catalog: providers.Provider[Catalog] = providers.Dependency()
    media: providers.Provider[Media] = providers.Dependency()

    access = providers.Singleton(LessonAccess, catalog=catalog, queries=queries, clock=clock)
    current_progress = providers.Singleton(CurrentProgress, queries=queries, buffer=buffer)
    enrolled_courses = providers.Singleton(EnrolledCourses, catalog=catalog, current_progress=current_progress)
    note_views = providers.Singleton(NoteViews, catalog=catalog, media=media)

    view_course = providers.Singleton(ViewCourse, catalog=catalog, queries=queries, clock=clock)
    view_lesson = providers.Singleton(ViewLesson, access=access, catalog=catalog)
    open_lesson = providers.Singleton(OpenLesson, access=access, media=media, current_progress=current_progress)
    enrol_free = providers.Singleton(EnrolFree, transaction=transaction, catalog=catalog, clock=clock, ids=ids)
    count_enrolments = providers.Singleton(CountEnrolments, transaction=transaction, clock=clock)
    list_enrolments = providers.Singleton(
        ListEnrolments, queries=queries, enrolled_courses=enrolled_courses, clock=clock
    )
    view_home = providers.Singleton(
        ViewHome,
        catalog=catalog,
        queries=queries,
        current_progress=current_progress,
        enrolled_courses=enrolled_courses,
        clock=clock,
    )
    record_progress = providers.Singleton(
        RecordProgress, transaction=transaction, buffer=buffer, access=access, clock=clock
    )
    flush_progress = providers.Singleton(FlushProgress, transaction=transaction, buffer=buffer)
    complete_lesson = providers.Singleton(
        CompleteLesson, transaction=transaction, access=access, current_progress=current_progress, clock=clock
    )
    read_course_progress = providers.Singleton(
        ReadCourseProgress, catalog=catalog, queries=queries, current_progress=current_progress, clock=clock
    )
    write_note = providers.Singleton(
        WriteNote, transaction=transaction, access=access, media=media, note_views=note_views, clock=clock, ids=ids
    )
    edit_note = providers.Singleton(EditNote, transaction=transaction, note_views=note_views, clock=clock)
    remove_note = providers.Singleton(RemoveNote, transaction=transaction)
    read_lesson_notes = providers.Singleton(ReadLessonNotes, queries=queries, note_views=note_views)
    search_notes = providers.Singleton(SearchNotes, queries=queries, catalog=catalog, note_views=note_views)
    erase_learner = providers.Singleton(EraseLearner, transaction=transaction)
    facade = providers.Singleton(Learning, transaction=transaction, queries=queries, clock=clock, ids=ids)
