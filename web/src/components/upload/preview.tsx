'use client'
import { useEffect, useRef, useState } from 'react'
import { useTranslations } from 'use-intl'
import { Notice } from '@/components/ui/notice'
import { api } from '@/lib/api/client'
import { answer, Problem } from '@/lib/api/problem'
import { useProblemWords } from '@/lib/api/words'

/** Plays what there is of a video, before anybody else sees it: also while it is still being encoded. */
export function Preview({ title, assetId }: { title: string; assetId: string }) {
  const t = useTranslations('studio.media')
  const explain = useProblemWords()
  const video = useRef<HTMLVideoElement>(null)
  const [isGrowing, setIsGrowing] = useState(false)
  const [problem, setProblem] = useState<unknown>(null)
  useEffect(() => {
    const player = video.current
    if (!player) return
    const opened = new AbortController()
    const close = { now: () => opened.abort() }
    const fail = () => setProblem(new Unplayable())
    open(player, assetId, fail, opened.signal)
      .then(({ isPublished, end }) => {
        close.now = end
        if (opened.signal.aborted) return end()
        setIsGrowing(!isPublished)
      })
      .catch((cause: unknown) => {
        if (!opened.signal.aborted) setProblem(cause)
      })
    return () => {
      opened.abort()
      close.now()
    }
  }, [assetId])
  const isNotYet = problem instanceof Problem && problem.code === 'not_ready'
  if (problem)
    return (
      <Notice tone={isNotYet ? 'info' : 'bad'}>
        {isNotYet ? t('notYet') : problem instanceof Unplayable ? t('cannotPlay') : explain(problem)}
      </Notice>
    )
  return (
    <div className="grid gap-2">
      <video
        ref={video}
        controls
        playsInline
        muted
        autoPlay
        aria-label={t('previewOf', { title })}
        className="aspect-video w-full max-w-3xl rounded-xl bg-night"
      />
      {isGrowing && <p className="text-sm text-muted">{t('growing')}</p>}
    </div>
  )
}

class Unplayable extends Error {}

/** `fail` is called when it stops for good. */
async function open(player: HTMLVideoElement, assetId: string, fail: () => void, signal: AbortSignal) {
  const asked = { params: { path: { asset_id: assetId } }, signal }
  const [preview, { default: Hls }] = await Promise.all([
    answer(api.GET('/api/v1/media/assets/{asset_id}/preview', asked)),
    import('hls.js'),
  ])
  const isPublished = preview.is_published
  if (Hls.isSupported()) {
    // From the beginning, also where the playlist still grows.
    const hls = new Hls({ startPosition: 0 })
    hls.on(Hls.Events.ERROR, (_, { fatal }) => fatal && fail())
    hls.loadSource(preview.hls_url)
    hls.attachMedia(player)
    return { isPublished, end: () => hls.destroy() }
  }
  if (!player.canPlayType('application/vnd.apple.mpegurl')) throw new Unplayable()
  player.addEventListener('error', fail, { signal })
  player.src = preview.hls_url
  return { isPublished, end: () => player.removeAttribute('src') }
}
