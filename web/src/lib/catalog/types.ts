import type { components } from '@/lib/api/schema'

type Schemas = components['schemas']

export type Category = Schemas['CategoryView']
export type Collection = Schemas['CollectionView']
export type Course = Schemas['CourseCard']
export type CoursePage = Schemas['CourseView']
export type Section = Schemas['CourseSection']
export type Lesson = Schemas['CourseLesson']
export type Access = Schemas['AccessView']
export type BegunCourse = Schemas['EnrolmentView']
export type Progress = Schemas['CourseProgressView']
export type HomeRow = Schemas['HomeView']['rows'][number]
export type Review = Schemas['ReviewView']
export type OwnReview = Schemas['OwnReviewView']
export type Certificate = Schemas['CertificateView']
