'use client'
import { clsx } from 'clsx'
import { LoaderCircle, Play, WifiOff } from 'lucide-react'
import { useCallback, useEffect, useImperativeHandle, useState } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '@/components/ui/button'
import * as controls from '@/lib/player/controls'
import { percentOf, union } from '@/lib/player/intervals'
import { faster, type Command } from '@/lib/player/shortcuts'
import { useStored } from '@/lib/use-stored'
import { ControlBar } from './control-bar'
import { useStage } from './lesson-stage'
import { Curtain, TakeOver, UpNext } from './overlays'
import { PREFERENCES, preferencesOf } from './preferences'
import type { Marker } from './seek-rail'
import { ShortcutMap } from './shortcut-map'
import { useHeartbeats } from './use-heartbeats'
import { useIdle } from './use-idle'
import type { Playback } from './use-playback'
import { useShortcuts } from './use-shortcuts'
import { useSource } from './use-source'
import { useStream } from './use-stream'
import { useVideoState } from './use-video-state'

type Props = {
  lessonId: string
  title: string
  playback: Playback
  /** Where a link leads; null goes on where the learner was. */
  startMs: number | null
  markers: readonly Marker[]
  next: { id: string; title: string } | null
  onNext: () => void
  onRenew: () => Promise<unknown>
  /** So much of the video was seen by now, in percent. */
  onSeen: (percent: number) => void
  onNote: () => void
}

export function VideoPlayer(props: Props) {
  const { lessonId, title, playback, startMs, markers, next, onNext, onRenew, onSeen, onNote } = props
  const t = useTranslations('player')
  const { userId, player: handle, playsOn } = useStage()
  const [frame, setFrame] = useState<HTMLElement | null>(null)
  const [video, setVideo] = useState<HTMLVideoElement | null>(null)
  const [preferences, prefer] = useStored(PREFERENCES, preferencesOf)
  const [helping, setHelping] = useState(false)
  const [staying, setStaying] = useState(false)
  const state = useVideoState(video)
  const source = useSource(video, playback.hls_url, startMs ?? resumeMs(playback), onRenew)
  const { standoff, takeOver } = useStream(video, lessonId, userId !== null)
  const idle = useIdle(frame, state.playing)
  const [watched, setWatched] = useState(playback.watched)
  useHeartbeats(video, { lessonId, userId, revision: playback.media_revision }, (more) => {
    const all = union([...watched, ...more])
    setWatched(all)
    onSeen(percentOf(playback.duration_ms, all))
  })

  useImperativeHandle(
    handle,
    () => ({
      positionMs: () => (video ? Math.round(controls.positionOf(video)) : 0),
      seek: (ms) => video && controls.seekTo(video, ms),
    }),
    [video],
  )

  useEffect(() => {
    if (!video) return
    controls.recall(video, preferences)
    // What is preferred later is set where it is chosen.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [video])

  useEffect(() => {
    if (video && playsOn(lessonId)) controls.play(video)
  }, [video, lessonId, playsOn])

  const choose = {
    speed: (speed: number) => {
      if (video) controls.setSpeed(video, speed)
      prefer({ ...preferences, speed })
    },
    captions: (lang: string | null) => {
      if (video) controls.showCaptions(video, lang)
      prefer({ ...preferences, captions: lang })
    },
  }
  const fullscreen = useCallback(() => {
    if (frame && video) void controls.toggleFullscreen(frame, video)
  }, [frame, video])

  useShortcuts(frame, preferences.keys && video !== null, (command: Command) => {
    if (!video) return
    switch (command.do) {
      case 'toggle':
        return controls.togglePlay(video)
      case 'step':
        return controls.stepBy(video, command.ms)
      case 'goto':
        return controls.seekToShare(video, command.share)
      case 'louder':
        return controls.setVolume(video, video.volume + command.by)
      case 'mute':
        return controls.toggleMute(video)
      case 'speed':
        return choose.speed(faster(video.playbackRate, command.by))
      case 'captions':
        return choose.captions(
          state.captions === null ? (preferences.captions ?? playback.captions[0]?.lang ?? null) : null,
        )
      case 'fullscreen':
        return fullscreen()
      case 'note':
        return onNote()
      case 'help':
        return setHelping(true)
    }
  })

  const stuck =
    source.trouble !== null && (source.trouble === 'media' || state.waiting || !state.begun || video?.error != null)
  return (
    <section
      ref={setFrame}
      aria-label={t('player', { title })}
      className={clsx('group/player relative bg-black', idle && 'cursor-none')}
    >
      <video
        ref={setVideo}
        playsInline
        preload="auto"
        crossOrigin="use-credentials"
        poster={playback.poster_url}
        onClick={() => video && controls.togglePlay(video)}
        onDoubleClick={fullscreen}
        onPlay={() => setStaying(false)}
        onVolumeChange={({ currentTarget: { volume, muted } }) => prefer({ ...preferences, volume, muted })}
        className="mx-auto block aspect-video max-h-[calc(100dvh-9rem)] w-full in-[:fullscreen]:max-h-dvh in-[:fullscreen]:h-dvh"
      >
        {playback.captions.map(({ lang, label, url }) => (
          <track key={lang} kind="subtitles" srcLang={lang} label={label} src={url} />
        ))}
      </video>
      {!state.begun && !stuck && (
        <button
          type="button"
          aria-label={t('play')}
          onClick={() => video && controls.play(video)}
          className="absolute inset-0 m-auto grid size-18 place-items-center rounded-full bg-accent text-on-accent shadow-lift hover:bg-accent-strong"
        >
          <Play className="ml-1 size-8 fill-current" aria-hidden />
        </button>
      )}
      {state.waiting && !stuck && (
        <LoaderCircle
          className="pointer-events-none absolute inset-0 m-auto size-12 animate-spin text-white"
          aria-label={t('waiting')}
        />
      )}
      {standoff && <TakeOver lost={standoff === 'stream_lost'} onTakeOver={takeOver} />}
      {stuck && (
        <Curtain
          icon={source.trouble === 'network' ? WifiOff : undefined}
          title={t(`trouble.${source.trouble ?? 'media'}`)}
        >
          <Button onClick={source.retry}>{t('retry')}</Button>
        </Curtain>
      )}
      {state.ended && next && !staying && <UpNext title={next.title} onGo={onNext} onStay={() => setStaying(true)} />}
      {video && (
        <div
          className={clsx(
            'absolute inset-x-0 bottom-0 z-20 bg-linear-to-t from-black/85 to-transparent pt-8 transition-opacity has-focus-visible:opacity-100',
            idle && 'opacity-0',
          )}
        >
          <ControlBar
            video={video}
            state={state}
            source={source}
            playback={playback}
            watched={watched}
            markers={markers}
            onSpeed={choose.speed}
            onCaptions={choose.captions}
            onFullscreen={fullscreen}
            onHelp={() => setHelping(true)}
          />
        </div>
      )}
      <ShortcutMap
        open={helping}
        onClose={() => setHelping(false)}
        keys={preferences.keys}
        onKeys={(keys) => prefer({ ...preferences, keys })}
      />
    </section>
  )
}

/** Who has seen nearly all of it begins anew. */
function resumeMs({ resume_position_ms, duration_ms }: Playback): number {
  return resume_position_ms >= duration_ms * 0.97 ? 0 : resume_position_ms
}
