import type { components } from '../api/schema'

export type Section = components['schemas']['StudioSection']
export type Lesson = components['schemas']['StudioLesson']

/** Where a lesson goes: a section, and its place among the section's other lessons, from 0. */
export type Spot = { sectionId: string; index: number }

export function spotOf(sections: readonly Section[], lessonId: string): Spot | null {
  for (const section of sections) {
    const index = section.lessons.findIndex((lesson) => lesson.id === lessonId)
    if (index >= 0) return { sectionId: section.id, index }
  }
  return null
}

/** The curriculum with a lesson moved; as it was where there is no such lesson or section. */
export function withLessonAt(sections: readonly Section[], lessonId: string, spot: Spot): Section[] {
  const lesson = sections.flatMap((section) => section.lessons).find(({ id }) => id === lessonId)
  if (!lesson || !sections.some(({ id }) => id === spot.sectionId)) return [...sections]
  return sections.map((section) => {
    const others = section.lessons.filter(({ id }) => id !== lessonId)
    if (section.id !== spot.sectionId)
      return others.length === section.lessons.length ? section : { ...section, lessons: others }
    return { ...section, lessons: others.toSpliced(clamped(spot.index, others.length), 0, lesson) }
  })
}

/**
 * Where a step takes a lesson: a place further within its section, and beyond its ends to the section before or after.
 * Null at either end of the curriculum.
 */
export function stepped(sections: readonly Section[], lessonId: string, step: -1 | 1): Spot | null {
  const spot = spotOf(sections, lessonId)
  if (!spot) return null
  const place = sections.findIndex(({ id }) => id === spot.sectionId)
  const index = spot.index + step
  if (index >= 0 && index < (sections[place]?.lessons.length ?? 0)) return { sectionId: spot.sectionId, index }
  const next = sections[place + step]
  return next ? { sectionId: next.id, index: step > 0 ? 0 : next.lessons.length } : null
}

/** The curriculum with a section at another place, from 0. */
export function withSectionAt(sections: readonly Section[], sectionId: string, index: number): Section[] {
  const section = sections.find(({ id }) => id === sectionId)
  if (!section) return [...sections]
  const others = sections.filter(({ id }) => id !== sectionId)
  return others.toSpliced(clamped(index, others.length), 0, section)
}

/** As PUT …/curriculum takes it. */
export const orderOf = (sections: readonly Section[]) => ({
  sections: sections.map(({ id, lessons }) => ({ id, lessons: lessons.map((lesson) => lesson.id) })),
})

const clamped = (index: number, most: number) => Math.min(Math.max(0, index), most)
