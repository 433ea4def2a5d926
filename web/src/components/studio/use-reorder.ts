'use client'
import { useEffect, useRef, useState } from 'react'
import { useTranslations } from 'use-intl'
import { spotOf, stepped, withLessonAt, withSectionAt, type Section } from '@/lib/studio/curriculum'

export type Item = { kind: 'lesson' | 'section'; id: string }
type Lifted = Item & { by: 'keyboard' | 'pointer'; sections: Section[] }

/**
 * Moves lessons and sections by keyboard, by pointer, or at once, and says aloud where they are. While something is
 * lifted `sections` show it at its new place; `onDrop` hears of the order once it is let go.
 */
export function useReorder(standing: readonly Section[], onDrop: (sections: Section[]) => void) {
  const t = useTranslations('studio.curriculum')
  const [lifted, setLifted] = useState<Lifted | null>(null)
  const [spoken, setSpoken] = useState('')
  // What was let go stays where it is until the order that it was taken from is another one: else it would jump back for
  // a moment, and lose the focus.
  const [settling, setSettling] = useState<{ from: readonly Section[]; sections: Section[] } | null>(null)
  const [followed, setFollowed] = useState<Pick<Item, 'id'> | null>(null)
  const sections = lifted?.sections ?? (settling?.from === standing ? settling.sections : standing)

  const titleOf = ({ id }: Item, within: readonly Section[]) =>
    [...within, ...within.flatMap(({ lessons }) => lessons)].find((each) => each.id === id)?.title ?? ''

  const say = (what: 'lifted' | 'moved' | 'dropped', item: Item, within: readonly Section[]) => {
    const title = titleOf(item, within)
    if (item.kind === 'section') {
      const index = within.findIndex(({ id }) => id === item.id) + 1
      return setSpoken(t('sectionMoved', { title, index, count: within.length }))
    }
    const spot = spotOf(within, item.id)
    const section = within.find(({ id }) => id === spot?.sectionId)
    if (spot && section)
      setSpoken(t(what, { title, index: spot.index + 1, count: section.lessons.length, section: section.title }))
  }

  const moved = (item: Item, step: -1 | 1, within: readonly Section[]): Section[] | null => {
    if (item.kind === 'lesson') {
      const spot = stepped(within, item.id, step)
      return spot && withLessonAt(within, item.id, spot)
    }
    const index = within.findIndex(({ id }) => id === item.id) + step
    return index < 0 || index >= within.length ? null : withSectionAt(within, item.id, index)
  }

  const lift = (item: Item, by: Lifted['by']) => {
    setLifted({ ...item, by, sections: [...standing] })
    say('lifted', item, standing)
  }
  const settle = (next: Section[]) => {
    setSettling({ from: standing, sections: next })
    onDrop(next)
  }
  /** Moves it from a menu, which closes by that. */
  const moveAtOnce = (item: Item, next: Section[]) => {
    say('moved', item, next)
    settle(next)
    setFollowed({ id: item.id })
  }
  const drop = (held: Lifted) => {
    setLifted(null)
    say('dropped', held, held.sections)
    settle(held.sections)
  }
  const putBack = (held: Lifted) => {
    setLifted(null)
    setSpoken(t('putBack', { title: titleOf(held, standing) }))
  }

  const step = (item: Item, by: -1 | 1) => {
    const next = moved(item, by, sections)
    if (!next) return setSpoken(t('atEnd', { title: titleOf(item, sections) }))
    if (!lifted) return moveAtOnce(item, next)
    say('moved', item, next)
    setLifted({ ...lifted, sections: next })
  }
  const moveToSection = (lessonId: string, sectionId: string) => {
    const target = standing.find(({ id }) => id === sectionId)
    const next = withLessonAt(standing, lessonId, { sectionId, index: target?.lessons.length ?? 0 })
    moveAtOnce({ kind: 'lesson', id: lessonId }, next)
  }

  const onKeyDown = (item: Item) => (event: React.KeyboardEvent) => {
    const isHeld = lifted?.id === item.id
    const arrow = { ArrowUp: -1, ArrowDown: 1 }[event.key] as -1 | 1 | undefined
    if (event.key === ' ' || event.key === 'Enter') {
      event.preventDefault()
      if (isHeld) drop(lifted)
      else if (!lifted) lift(item, 'keyboard')
    } else if (isHeld && event.key === 'Escape') {
      event.preventDefault()
      putBack(lifted)
    } else if (isHeld && event.key === 'Tab') {
      drop(lifted)
    } else if (isHeld && arrow) {
      event.preventDefault()
      step(item, arrow)
    }
  }

  // A handle that came into another section is another element: the focus follows what is lifted.
  useEffect(() => {
    if (lifted?.by === 'keyboard') handleOf(lifted)?.focus()
  }, [lifted])
  // So is its menu, which gives the focus back to the place that it was opened from as it closes.
  useEffect(() => {
    if (!followed) return
    const frame = requestAnimationFrame(() => handleOf(followed)?.focus())
    return () => cancelAnimationFrame(frame)
  }, [followed])

  const latest = useRef({ lifted, drop, putBack, say })
  useEffect(() => {
    latest.current = { lifted, drop, putBack, say }
  })
  const isDragged = lifted?.by === 'pointer'
  useEffect(() => {
    if (!isDragged) return
    const over = (event: PointerEvent) => {
      const { lifted: held } = latest.current
      const next = held && draggedTo(held, held.sections, event)
      if (held && next) setLifted({ ...held, sections: next })
    }
    const release = () => {
      const { lifted: held, drop } = latest.current
      if (held) drop(held)
    }
    const giveUp = () => {
      const { lifted: held, putBack } = latest.current
      if (held) putBack(held)
    }
    const escape = (event: KeyboardEvent) => event.key === 'Escape' && giveUp()
    addEventListener('pointermove', over)
    addEventListener('pointerup', release)
    addEventListener('pointercancel', giveUp)
    addEventListener('keydown', escape)
    return () => {
      removeEventListener('pointermove', over)
      removeEventListener('pointerup', release)
      removeEventListener('pointercancel', giveUp)
      removeEventListener('keydown', escape)
    }
  }, [isDragged])

  /** For the button by which an item is moved. */
  const handle = (item: Item) => ({
    'data-handle': item.id,
    'aria-pressed': lifted?.id === item.id,
    onKeyDown: onKeyDown(item),
    onPointerDown: (event: React.PointerEvent) => {
      if (event.button === 0 && !lifted) lift(item, 'pointer')
    },
  })
  return { sections, lifted, spoken, handle, step, moveToSection }
}

export type Reorder = ReturnType<typeof useReorder>

const handleOf = ({ id }: Pick<Item, 'id'>) => document.querySelector<HTMLElement>(`[data-handle="${CSS.escape(id)}"]`)

/** The order with what is dragged at the place under the pointer; null where that is no other place. */
function draggedTo(held: Item, sections: readonly Section[], { clientX, clientY }: PointerEvent): Section[] | null {
  const under = document.elementFromPoint(clientX, clientY)
  const sectionId = under?.closest<HTMLElement>('[data-section]')?.dataset.section
  const place = sections.findIndex(({ id }) => id === sectionId)
  const section = sections[place]
  if (!section) return null
  if (held.kind === 'section') return section.id === held.id ? null : withSectionAt(sections, held.id, place)
  const lessonId = under?.closest<HTMLElement>('[data-lesson]')?.dataset.lesson
  if (lessonId === held.id) return null
  const spot = spotOf(sections, held.id)
  if (!lessonId && spot?.sectionId === section.id) return null
  const index = lessonId ? section.lessons.findIndex(({ id }) => id === lessonId) : section.lessons.length
  return withLessonAt(sections, held.id, { sectionId: section.id, index })
}
