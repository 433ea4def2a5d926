"""Identifiers that cross module borders. All are UUIDv7: sortable by creation, safe to show."""

from typing import NewType
from uuid import UUID

UserId = NewType("UserId", UUID)
SessionId = NewType("SessionId", UUID)
DeviceId = NewType("DeviceId", UUID)
CourseId = NewType("CourseId", UUID)
SectionId = NewType("SectionId", UUID)
LessonId = NewType("LessonId", UUID)
AssetId = NewType("AssetId", UUID)
UploadId = NewType("UploadId", UUID)
RunId = NewType("RunId", UUID)
OrderId = NewType("OrderId", UUID)
PaymentId = NewType("PaymentId", UUID)
NoteId = NewType("NoteId", UUID)
ReviewId = NewType("ReviewId", UUID)
QuestionId = NewType("QuestionId", UUID)
AnswerId = NewType("AnswerId", UUID)
GrantId = NewType("GrantId", UUID)
MessageId = NewType("MessageId", UUID)
