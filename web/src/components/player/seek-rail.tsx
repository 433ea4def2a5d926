'use client'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import type { Interval } from '@/lib/player/intervals'
import { tileAt, type Tile } from '@/lib/player/storyboard'
import { clock } from '@/lib/time'
import { StoryboardTile } from './storyboard'

export type Marker = { id: string; at_ms: number; body: string }

type Props = {
  positionMs: number
  durationMs: number
  bufferedMs: number
  watched: readonly Interval[]
  markers: readonly Marker[]
  tiles: readonly Tile[]
  onSeek: (ms: number) => void
}

/** Where it is, what is loaded, what was watched and where the notes are; the picture of the moment that is pointed at. */
export function SeekRail({ positionMs, durationMs, bufferedMs, watched, markers, tiles, onSeek }: Props) {
  const t = useTranslations('player')
  const [pointed, setPointed] = useState<number | null>(null)
  const length = Math.max(1, durationMs)
  const place = (ms: number) => `${Math.min(100, Math.max(0, (100 * ms) / length))}%`
  const width = (from: number, to: number) => `${Math.min(100, Math.max(0, (100 * (to - from)) / length))}%`
  return (
    <div
      className="group/rail relative flex h-7 items-center rounded has-focus-visible:outline-2 has-focus-visible:outline-glow"
      onPointerMove={({ currentTarget, clientX }) => {
        const rail = currentTarget.getBoundingClientRect()
        setPointed(Math.min(1, Math.max(0, (clientX - rail.left) / rail.width)) * length)
      }}
      onPointerLeave={() => setPointed(null)}
    >
      <div className="relative h-1.5 w-full overflow-hidden rounded-full bg-white/25 transition-[height] group-hover/rail:h-2">
        <div className="absolute inset-y-0 left-0 bg-white/30" style={{ width: place(bufferedMs) }} />
        {watched.map(([from, to]) => (
          <div
            key={from}
            data-testid="watched"
            className="absolute inset-y-0 bg-[#8f86c9]"
            style={{ left: place(from), width: width(from, to) }}
          />
        ))}
        <div className="absolute inset-y-0 left-0 bg-glow" style={{ width: place(positionMs) }} />
      </div>
      {markers.map((marker) => (
        <span
          key={marker.id}
          data-testid="note-marker"
          aria-hidden
          className="pointer-events-none absolute size-2.5 -translate-x-1/2 rounded-full border-2 border-night bg-[#ffd166]"
          style={{ left: place(marker.at_ms) }}
        />
      ))}
      <span
        aria-hidden
        className="pointer-events-none absolute size-4 -translate-x-1/2 rounded-full bg-glow shadow"
        style={{ left: place(positionMs) }}
      />
      <input
        type="range"
        min={0}
        max={length}
        step={1}
        value={Math.min(length, Math.round(positionMs))}
        aria-label={t('seek')}
        aria-valuetext={t('positionOf', { position: clock(positionMs), length: clock(durationMs) })}
        onChange={({ currentTarget }) => onSeek(currentTarget.valueAsNumber)}
        className="absolute inset-0 h-full w-full cursor-pointer opacity-0"
      />
      {pointed !== null && (
        <Preview
          left={place(pointed)}
          tile={tileAt(tiles, pointed)}
          time={clock(pointed)}
          note={markers.find((marker) => Math.abs(marker.at_ms - pointed) < length / 100)?.body}
        />
      )}
    </div>
  )
}

type PreviewProps = { left: string; tile: Tile | undefined; time: string; note: string | undefined }

function Preview({ left, tile, time, note }: PreviewProps) {
  return (
    <div
      aria-hidden
      className="pointer-events-none absolute bottom-8 grid -translate-x-1/2 justify-items-center gap-1 rounded-lg bg-night/95 p-1.5 text-xs font-semibold text-white shadow-lift"
      style={{ left: `clamp(5.5rem, ${left}, 100% - 5.5rem)` }}
    >
      {tile && <StoryboardTile tile={tile} />}
      {note && <span className="line-clamp-2 max-w-40 text-center font-normal text-white/85">{note}</span>}
      <span className="tabular-nums">{time}</span>
    </div>
  )
}
