'use client'
import {
  Captions,
  CaptionsOff,
  Keyboard,
  Maximize,
  Pause,
  PictureInPicture2,
  Play,
  Volume2,
  VolumeX,
} from 'lucide-react'
import { useFormatter, useTranslations } from 'use-intl'
import type { Playback } from './use-playback'
import { canFloat, seekTo, setVolume, toggleFloating, toggleMute, togglePlay } from '@/lib/player/controls'
import type { Interval } from '@/lib/player/intervals'
import { SPEEDS } from '@/lib/player/shortcuts'
import { clock } from '@/lib/time'
import { BarButton, BarSelect } from './bar-parts'
import { SeekRail, type Marker } from './seek-rail'
import { useStoryboard } from './storyboard'
import type { Source } from './use-source'
import type { VideoState } from './use-video-state'

type Props = {
  video: HTMLVideoElement
  state: VideoState
  source: Source
  playback: Playback
  watched: readonly Interval[]
  markers: readonly Marker[]
  onSpeed: (speed: number) => void
  onCaptions: (lang: string | null) => void
  onFullscreen: () => void
  onHelp: () => void
}

export function ControlBar(props: Props) {
  const { video, state, source, playback, watched, markers, onSpeed, onCaptions, onFullscreen, onHelp } = props
  const t = useTranslations('player')
  const format = useFormatter()
  const tiles = useStoryboard(playback.storyboard_url)
  const speedName = (speed: number) => `${format.number(speed)}×`
  const silent = state.muted || state.volume === 0
  return (
    <div className="px-2 pb-1 sm:px-4 sm:pb-2">
      <div className="px-2">
        <SeekRail
          positionMs={state.positionMs}
          durationMs={playback.duration_ms}
          bufferedMs={state.bufferedMs}
          watched={watched}
          markers={markers}
          tiles={tiles}
          onSeek={(ms) => seekTo(video, ms)}
        />
      </div>
      <div className="flex items-center">
        <BarButton
          label={state.playing ? t('pause') : t('play')}
          icon={state.playing ? Pause : Play}
          onClick={() => togglePlay(video)}
        />
        <BarButton
          label={silent ? t('unmute') : t('mute')}
          icon={silent ? VolumeX : Volume2}
          onClick={() => toggleMute(video)}
          className="max-sm:hidden"
        />
        <input
          type="range"
          min={0}
          max={1}
          step={0.05}
          value={silent ? 0 : state.volume}
          aria-label={t('volume')}
          aria-valuetext={format.number(silent ? 0 : state.volume, { style: 'percent' })}
          onChange={({ currentTarget }) => setVolume(video, currentTarget.valueAsNumber)}
          className="h-11 w-20 cursor-pointer accent-glow max-md:hidden"
        />
        <p className="ml-2 text-xs font-semibold text-white tabular-nums sm:text-sm">
          {clock(state.positionMs)}
          <span className="text-white/75"> / {clock(playback.duration_ms)}</span>
        </p>
        <div className="ml-auto flex items-center">
          <BarSelect
            label={t('speed')}
            value={String(state.speed)}
            options={SPEEDS.map((speed) => [String(speed), speedName(speed)])}
            onChoose={(speed) => onSpeed(Number(speed))}
          >
            {speedName(state.speed)}
          </BarSelect>
          {source.heights.length > 0 && (
            <BarSelect
              label={t('quality')}
              value={String(source.height ?? 'auto')}
              options={[['auto', t('auto')], ...source.heights.map((each) => [String(each), `${each}p`] as const)]}
              onChoose={(chosen) => source.choose(chosen === 'auto' ? null : Number(chosen))}
            >
              {source.height === null ? t('auto') : `${source.height}p`}
            </BarSelect>
          )}
          {playback.captions.length > 0 && (
            <BarSelect
              label={t('captions')}
              value={state.captions ?? ''}
              options={[['', t('captionsOff')], ...playback.captions.map(({ lang, label }) => [lang, label] as const)]}
              onChoose={(lang) => onCaptions(lang || null)}
            >
              {state.captions === null ? <CaptionsOff className="size-5" /> : <Captions className="size-5" />}
            </BarSelect>
          )}
          <BarButton label={t('shortcuts')} icon={Keyboard} onClick={onHelp} className="max-md:hidden" />
          {canFloat() && (
            <BarButton
              label={t('floating')}
              icon={PictureInPicture2}
              onClick={() => void toggleFloating(video)}
              className="max-sm:hidden"
            />
          )}
          <BarButton label={t('fullscreen')} icon={Maximize} onClick={onFullscreen} />
        </div>
      </div>
    </div>
  )
}
