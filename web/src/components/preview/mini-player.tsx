'use client'
import { useEffect, useRef, useState } from 'react'
import { useTranslations } from 'use-intl'
import type { components } from '@/lib/api/schema'
import { attachStream } from '@/lib/stream'

export type Playable = Omit<components['schemas']['PlaybackView'], 'watched'>

type Props = { playback: Playable; title: string }

/** A video with the browser's own controls, for a look into a lesson: it fills the positioned box around it. */
export function MiniPlayer({ playback, title }: Props) {
  const t = useTranslations('browse')
  const video = useRef<HTMLVideoElement>(null)
  const [broken, setBroken] = useState(false)
  useEffect(() => {
    const { current } = video
    if (!current) return
    return attachStream(current, playback, () => setBroken(true))
  }, [playback])
  return (
    <>
      <video
        ref={video}
        controls
        autoPlay
        playsInline
        aria-label={title}
        poster={playback.poster_url}
        className="absolute inset-0 size-full bg-night object-contain"
      >
        {playback.captions.map(({ lang, label, url }) => (
          <track key={lang} kind="captions" srcLang={lang} label={label} src={url} />
        ))}
      </video>
      {broken && (
        <p role="alert" className="absolute inset-x-0 top-0 bg-night/85 px-14 py-4 text-center text-sm text-white">
          {t('cannotPlay')}
        </p>
      )}
    </>
  )
}
