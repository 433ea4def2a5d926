"""Wires learning's use cases."""

from __future__ import annotations

from dependency_injector import containers, providers

from kosu.modules.catalog import Catalog
from kosu.modules.identity import AuditLog, Identity, Notifications
from kosu.modules.learning.access import LessonAccess
from kosu.modules.learning.analytics_ports import AnalyticsQueries
from kosu.modules.learning.annotated import NoteViews
from kosu.modules.learning.certificate_ports import CertificateQueries
from kosu.modules.learning.current_progress import CurrentProgress
from kosu.modules.learning.discussions import Discussions
from kosu.modules.learning.enrolled_courses import EnrolledCourses
from kosu.modules.learning.facade import Learning
from kosu.modules.learning.ports import LearningQueries, LearningRecords, ProgressBuffer
from kosu.modules.learning.question_ports import DiscussionQueries
from kosu.modules.learning.review_ports import ReviewQueries
from kosu.modules.learning.use_cases.analyse_course import AnalyseCourse
from kosu.modules.learning.use_cases.answer_questions import AcceptAnswer, AnswerQuestion, EditAnswer, RemoveAnswer
from kosu.modules.learning.use_cases.ask_questions import AskQuestion, EditQuestion, RemoveQuestion
from kosu.modules.learning.use_cases.complete_lesson import CompleteLesson
from kosu.modules.learning.use_cases.count_enrolments import CountEnrolments
from kosu.modules.learning.use_cases.enrol_free import EnrolFree
from kosu.modules.learning.use_cases.erase_learner import EraseLearner
from kosu.modules.learning.use_cases.export_notes import ExportNotes
from kosu.modules.learning.use_cases.flush_progress import FlushProgress
from kosu.modules.learning.use_cases.issue_certificate import IssueCertificate
from kosu.modules.learning.use_cases.keep_heartbeat import KeepHeartbeat
from kosu.modules.learning.use_cases.list_enrolments import ListEnrolments
from kosu.modules.learning.use_cases.moderate_reviews import ModerateReview
from kosu.modules.learning.use_cases.notify_learner import NotifyLearner
from kosu.modules.learning.use_cases.open_lesson import OpenLesson
from kosu.modules.learning.use_cases.read_certificates import ListCertificates, PrintCertificate, ReadCertificate
from kosu.modules.learning.use_cases.read_course_progress import ReadCourseProgress
from kosu.modules.learning.use_cases.read_notes import ReadLessonNotes, ReadNote, SearchNotes
from kosu.modules.learning.use_cases.read_questions import (
    ListInstructorQuestions,
    ListOwnAnswers,
    ListOwnQuestions,
    ReadAnswers,
    ReadQuestion,
    ReadQuestions,
)
from kosu.modules.learning.use_cases.read_reviews import ListOwnReviews, ReadOwnReview, ReadReviews
from kosu.modules.learning.use_cases.record_progress import RecordProgress
from kosu.modules.learning.use_cases.revoke_certificate import RevokeCertificate
from kosu.modules.learning.use_cases.view_course import ViewCourse
from kosu.modules.learning.use_cases.view_home import ViewHome
from kosu.modules.learning.use_cases.view_lesson import ViewLesson
from kosu.modules.learning.use_cases.vote_for_review import VoteForReview
from kosu.modules.learning.use_cases.write_notes import EditNote, RemoveNote, WriteNote
from kosu.modules.learning.use_cases.write_reviews import RemoveReview, WriteReview
from kosu.modules.media import Media
from kosu.ports.clock import Clock
from kosu.ports.id_source import IdSource, SecretSource
from kosu.ports.throttle import Throttle
from kosu.ports.unit_of_work import Transaction


class LearningContainer(containers.DeclarativeContainer):
    clock: providers.Provider[Clock] = providers.Dependency()
    ids: providers.Provider[IdSource] = providers.Dependency()
    transaction: providers.Provider[Transaction[LearningRecords]] = providers.Dependency()
    queries: providers.Provider[LearningQueries] = providers.Dependency()
    review_queries: providers.Provider[ReviewQueries] = providers.Dependency()
    question_queries: providers.Provider[DiscussionQueries] = providers.Dependency()
    buffer: providers.Provider[ProgressBuffer] = providers.Dependency()
    catalog: providers.Provider[Catalog] = providers.Dependency()
    media: providers.Provider[Media] = providers.Dependency()
    identity: providers.Provider[Identity] = providers.Dependency()
    audit: providers.Provider[AuditLog] = providers.Dependency()
    notifications: providers.Provider[Notifications] = providers.Dependency()
    secrets: providers.Provider[SecretSource] = providers.Dependency()
    throttle: providers.Provider[Throttle] = providers.Dependency()
    certificates: providers.Provider[CertificateQueries] = providers.Dependency()
    analytics: providers.Provider[AnalyticsQueries] = providers.Dependency()
    link_base: providers.Provider[str] = providers.Dependency()

    access = providers.Singleton(LessonAccess, catalog=catalog, queries=queries, clock=clock)
    current_progress = providers.Singleton(CurrentProgress, queries=queries, buffer=buffer)
    enrolled_courses = providers.Singleton(EnrolledCourses, catalog=catalog, current_progress=current_progress)
    note_views = providers.Singleton(NoteViews, catalog=catalog, media=media)

    discussions = providers.Singleton(
        Discussions, discussions=question_queries, access=access, catalog=catalog, identity=identity
    )

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
    keep_heartbeat = providers.Singleton(KeepHeartbeat, buffer=buffer, clock=clock)
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
    remove_note = providers.Singleton(RemoveNote, transaction=transaction, note_views=note_views)
    read_note = providers.Singleton(ReadNote, queries=queries, note_views=note_views)
    read_lesson_notes = providers.Singleton(ReadLessonNotes, queries=queries, note_views=note_views)
    search_notes = providers.Singleton(SearchNotes, queries=queries, catalog=catalog, note_views=note_views)
    issue_certificate = providers.Singleton(
        IssueCertificate,
        transaction=transaction,
        queries=queries,
        certificates=certificates,
        current_progress=current_progress,
        catalog=catalog,
        identity=identity,
        clock=clock,
        secrets=secrets,
        link_base=link_base,
    )
    read_certificate = providers.Singleton(ReadCertificate, queries=certificates, link_base=link_base)
    print_certificate = providers.Singleton(PrintCertificate, read=read_certificate, throttle=throttle, clock=clock)
    list_certificates = providers.Singleton(ListCertificates, queries=certificates, link_base=link_base)
    revoke_certificate = providers.Singleton(
        RevokeCertificate, transaction=transaction, audit=audit, clock=clock, link_base=link_base
    )
    analyse_course = providers.Singleton(
        AnalyseCourse, catalog=catalog, queries=analytics, throttle=throttle, clock=clock
    )
    notify_learner = providers.Singleton(NotifyLearner, notifications=notifications, catalog=catalog)
    export_notes = providers.Singleton(ExportNotes, queries=queries, catalog=catalog, media=media, web_url=link_base)
    write_review = providers.Singleton(
        WriteReview, transaction=transaction, queries=queries, catalog=catalog, clock=clock, ids=ids
    )
    remove_review = providers.Singleton(
        RemoveReview, transaction=transaction, queries=queries, catalog=catalog, clock=clock
    )
    read_reviews = providers.Singleton(ReadReviews, reviews=review_queries, catalog=catalog, identity=identity)
    read_own_review = providers.Singleton(ReadOwnReview, reviews=review_queries, catalog=catalog)
    list_own_reviews = providers.Singleton(ListOwnReviews, reviews=review_queries, catalog=catalog)
    vote_for_review = providers.Singleton(VoteForReview, transaction=transaction)
    moderate_review = providers.Singleton(
        ModerateReview, transaction=transaction, reviews=review_queries, audit=audit, clock=clock
    )
    ask_question = providers.Singleton(
        AskQuestion, transaction=transaction, access=access, discussions=discussions, clock=clock, ids=ids
    )
    edit_question = providers.Singleton(EditQuestion, transaction=transaction, discussions=discussions, clock=clock)
    remove_question = providers.Singleton(RemoveQuestion, transaction=transaction)
    answer_question = providers.Singleton(
        AnswerQuestion, transaction=transaction, discussions=discussions, clock=clock, ids=ids
    )
    edit_answer = providers.Singleton(
        EditAnswer, transaction=transaction, queries=question_queries, discussions=discussions, clock=clock
    )
    remove_answer = providers.Singleton(RemoveAnswer, transaction=transaction, queries=question_queries)
    accept_answer = providers.Singleton(AcceptAnswer, transaction=transaction, discussions=discussions)
    read_questions = providers.Singleton(
        ReadQuestions, queries=question_queries, access=access, discussions=discussions
    )
    read_question = providers.Singleton(ReadQuestion, discussions=discussions)
    read_answers = providers.Singleton(ReadAnswers, queries=question_queries, discussions=discussions)
    list_instructor_questions = providers.Singleton(
        ListInstructorQuestions, queries=question_queries, catalog=catalog, discussions=discussions
    )
    list_own_questions = providers.Singleton(ListOwnQuestions, queries=question_queries, discussions=discussions)
    list_own_answers = providers.Singleton(ListOwnAnswers, queries=question_queries)
    erase_learner = providers.Singleton(EraseLearner, transaction=transaction, reviews=review_queries, clock=clock)
    facade = providers.Singleton(Learning, transaction=transaction, queries=queries, clock=clock, ids=ids)
