'use client'
import { Clapperboard, Lock, WifiOff } from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'use-intl'
import { Button, buttonStyles } from '@/components/ui/button'
import { Problem } from '@/lib/api/problem'
import { useProblemWords } from '@/lib/api/words'
import { unsentOf } from '@/lib/player/heartbeats'
import { readStored } from '@/lib/stored'
import { useStage, type Lesson } from './lesson-stage'
import { Curtain } from './overlays'
import type { Marker } from './seek-rail'
import { unsentKey } from './use-heartbeats'
import type { usePlayback } from './use-playback'
import { VideoPlayer } from './video-player'

type Props = {
  lesson: Lesson
  startMs: number | null
  playback: ReturnType<typeof usePlayback>
  markers: readonly Marker[]
  next: { id: string; title: string } | null
  onNext: () => void
  onSeen: (percent: number) => void
  onNote: () => void
}

/** The video of a lesson, or why it does not play. */
export function VideoLesson({ lesson, playback, startMs, ...rest }: Props) {
  const { userId } = useStage()
  if (playback.data) {
    return (
      <VideoPlayer
        lessonId={lesson.id}
        title={lesson.title}
        playback={playback.data}
        startMs={startMs ?? (userId ? unheardPosition(userId, lesson.id) : null)}
        onRenew={async () => {
          const renewed = await playback.refetch()
          if (renewed.error) throw renewed.error
        }}
        {...rest}
      />
    )
  }
  return (
    <div className="relative aspect-video max-h-[calc(100dvh-9rem)] w-full bg-black">
      {playback.isError ? (
        <WhyNot problem={playback.error} onRetry={() => void playback.refetch()} />
      ) : (
        <div aria-hidden className="size-full animate-pulse bg-white/5" />
      )}
    </div>
  )
}

/** Where this device was when nobody heard it, the newest that is known. */
function unheardPosition(userId: string, lessonId: string): number | null {
  const unsent = typeof window === 'undefined' ? null : unsentOf(readStored(unsentKey(userId, lessonId)))
  return unsent && !unsent.sent ? unsent.position_ms : null
}

function WhyNot({ problem, onRetry }: { problem: Error; onRetry: () => void }) {
  const t = useTranslations('player')
  const { course } = useStage()
  const explain = useProblemWords()
  const code = problem instanceof Problem ? problem.code : ''
  if (code === 'purchase_required') {
    return (
      <Curtain icon={Lock} title={t('purchaseTitle')}>
        <Link href={`/courses/${course.slug}`} className={buttonStyles()}>
          {t('toCourse')}
        </Link>
      </Curtain>
    )
  }
  if (code === 'not_ready') {
    return (
      <Curtain icon={Clapperboard} title={t('notReady')}>
        <Button onClick={onRetry}>{t('notReadyRetry')}</Button>
      </Curtain>
    )
  }
  return (
    <Curtain icon={code === 'network' ? WifiOff : undefined} title={explain(problem)}>
      <Button onClick={onRetry}>{t('retry')}</Button>
    </Curtain>
  )
}
