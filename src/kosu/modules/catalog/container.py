"""Wires catalog's use cases."""

from __future__ import annotations

from dependency_injector import containers, providers

from kosu.modules.catalog.facade import Catalog
from kosu.modules.catalog.ports import BackOffice, CatalogQueries, CatalogRecords, CourseSearch, Discovery
from kosu.modules.catalog.use_cases.apply_asset_ready import ApplyAssetReady
from kosu.modules.catalog.use_cases.apply_enrolment_count import ApplyEnrolmentCount
from kosu.modules.catalog.use_cases.apply_profile import ApplyProfile
from kosu.modules.catalog.use_cases.apply_rating import ApplyRating
from kosu.modules.catalog.use_cases.create_course import CreateCourse
from kosu.modules.catalog.use_cases.edit_course import EditCourse
from kosu.modules.catalog.use_cases.edit_lessons import AddLesson, EditLesson, RemoveLesson
from kosu.modules.catalog.use_cases.edit_sections import AddSection, EditSection, RemoveSection
from kosu.modules.catalog.use_cases.ensure_categories import EnsureCategories
from kosu.modules.catalog.use_cases.manage_categories import CreateCategory, EditCategory, RemoveCategory
from kosu.modules.catalog.use_cases.manage_collections import CreateCollection, EditCollection, RemoveCollection
from kosu.modules.catalog.use_cases.offer_course import ArchiveCourse, PublishCourse, SubmitCourse, WithdrawCourse
from kosu.modules.catalog.use_cases.put_cover import PutCover
from kosu.modules.catalog.use_cases.read_studio_course import ReadStudioCourse
from kosu.modules.catalog.use_cases.reorder_curriculum import ReorderCurriculum
from kosu.modules.catalog.use_cases.review_courses import ApproveCourse, FindCourses, RejectCourse
from kosu.modules.catalog.version import CatalogueVersion
from kosu.modules.identity import AuditLog, Identity
from kosu.ports.clock import Clock
from kosu.ports.id_source import IdSource
from kosu.ports.object_store import ObjectStore
from kosu.ports.unit_of_work import Transaction


class CatalogContainer(containers.DeclarativeContainer):
    clock: providers.Provider[Clock] = providers.Dependency()
    ids: providers.Provider[IdSource] = providers.Dependency()
    transaction: providers.Provider[Transaction[CatalogRecords]] = providers.Dependency()
    queries: providers.Provider[CatalogQueries] = providers.Dependency()
    search: providers.Provider[CourseSearch] = providers.Dependency()
    discovery: providers.Provider[Discovery] = providers.Dependency()
    back_office: providers.Provider[BackOffice] = providers.Dependency()
    store: providers.Provider[ObjectStore] = providers.Dependency()
    identity: providers.Provider[Identity] = providers.Dependency()
    audit: providers.Provider[AuditLog] = providers.Dependency()
    review_required: providers.Provider[bool] = providers.Dependency()

    create_course = providers.Singleton(CreateCourse, transaction=transaction, identity=identity, clock=clock, ids=ids)
    edit_course = providers.Singleton(EditCourse, transaction=transaction, clock=clock)
    put_cover = providers.Singleton(PutCover, transaction=transaction, store=store, clock=clock)
    read_studio_course = providers.Singleton(ReadStudioCourse, transaction=transaction)
    add_section = providers.Singleton(AddSection, transaction=transaction, clock=clock, ids=ids)
    edit_section = providers.Singleton(EditSection, transaction=transaction, clock=clock)
    remove_section = providers.Singleton(RemoveSection, transaction=transaction, clock=clock)
    add_lesson = providers.Singleton(AddLesson, transaction=transaction, clock=clock, ids=ids)
    edit_lesson = providers.Singleton(EditLesson, transaction=transaction, clock=clock)
    remove_lesson = providers.Singleton(RemoveLesson, transaction=transaction, clock=clock)
    reorder_curriculum = providers.Singleton(ReorderCurriculum, transaction=transaction, clock=clock)
    submit_course = providers.Singleton(SubmitCourse, transaction=transaction, clock=clock)
    withdraw_course = providers.Singleton(WithdrawCourse, transaction=transaction, clock=clock)
    publish_course = providers.Singleton(
        PublishCourse, transaction=transaction, clock=clock, review_required=review_required
    )
    archive_course = providers.Singleton(ArchiveCourse, transaction=transaction, clock=clock)
    find_courses = providers.Singleton(
        FindCourses, transaction=transaction, back_office=back_office, audit=audit, clock=clock
    )
    approve_course = providers.Singleton(ApproveCourse, transaction=transaction, audit=audit, clock=clock)
    reject_course = providers.Singleton(RejectCourse, transaction=transaction, audit=audit, clock=clock)
    create_category = providers.Singleton(CreateCategory, transaction=transaction, audit=audit, clock=clock)
    edit_category = providers.Singleton(EditCategory, transaction=transaction, audit=audit, clock=clock)
    remove_category = providers.Singleton(RemoveCategory, transaction=transaction, audit=audit, clock=clock)
    create_collection = providers.Singleton(
        CreateCollection, transaction=transaction, queries=queries, back_office=back_office, audit=audit, clock=clock
    )
    edit_collection = providers.Singleton(
        EditCollection, transaction=transaction, queries=queries, back_office=back_office, audit=audit, clock=clock
    )
    remove_collection = providers.Singleton(RemoveCollection, transaction=transaction, audit=audit, clock=clock)
    ensure_categories = providers.Singleton(EnsureCategories, transaction=transaction)
    apply_asset_ready = providers.Singleton(ApplyAssetReady, transaction=transaction, clock=clock)
    apply_enrolment_count = providers.Singleton(ApplyEnrolmentCount, transaction=transaction)
    apply_rating = providers.Singleton(ApplyRating, transaction=transaction)
    apply_profile = providers.Singleton(ApplyProfile, transaction=transaction, identity=identity)
    version = providers.Singleton(CatalogueVersion)
    facade = providers.Singleton(Catalog, queries=queries, discovery=discovery)
