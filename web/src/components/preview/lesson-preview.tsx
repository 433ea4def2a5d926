'use client'
import { useEffect, useState } from 'react'
import { Markdown } from '@/components/ui/markdown'
import { useProblemWords } from '@/lib/api/words'
import { api } from '@/lib/api/client'
import { answer } from '@/lib/api/problem'
import { MiniPlayer, type Playable } from './mini-player'
import { Waiting } from './waiting'

type Shown = { playback: Playable } | { text: string } | { problem: unknown } | null

type Props = { lesson: { id: string; title: string; kind: string } }

/** A lesson that is a preview, within the positioned box around it: its video plays, its text can be read. */
export function LessonPreview({ lesson: { id, title, kind } }: Props) {
  const explain = useProblemWords()
  const [shown, setShown] = useState<Shown>(null)
  useEffect(() => {
    let gone = false
    opened(id, kind)
      .catch((problem: unknown) => ({ problem }))
      .then((next) => !gone && setShown(next))
    return () => {
      gone = true
    }
  }, [id, kind])
  if (shown === null) return <Waiting />
  if ('playback' in shown) return <MiniPlayer playback={shown.playback} title={title} />
  if ('text' in shown)
    return (
      <div
        tabIndex={0}
        role="region"
        aria-label={title}
        className="absolute inset-0 overflow-y-auto bg-surface p-5 text-ink"
      >
        <h4 className="mb-2 pr-10 font-bold">{title}</h4>
        <Markdown source={shown.text} below={4} className="text-[0.9375rem]" />
      </div>
    )
  return (
    <p role="alert" className="absolute inset-0 grid place-items-center px-12 text-center text-sm">
      {explain(shown.problem)}
    </p>
  )
}

async function opened(id: string, kind: string): Promise<Exclude<Shown, null>> {
  const asked = { params: { path: { lesson_id: id } } }
  if (kind === 'video') return { playback: await answer(api.GET('/api/v1/lessons/{lesson_id}/playback', asked)) }
  const { body } = await answer(api.GET('/api/v1/lessons/{lesson_id}', asked))
  return { text: body ?? '' }
}
