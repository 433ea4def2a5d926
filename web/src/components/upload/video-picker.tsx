'use client'
import { clsx } from 'clsx'
import { Upload } from 'lucide-react'
import { useRef, useState } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '@/components/ui/button'
import type { Place } from '@/lib/upload/uploads'
import { dropped, givesHandles, pickByHandle, videoTypes, type Picked } from './picking'
import { uploads } from './uploads'

/** Where a video is picked or dropped, whereupon its upload begins. */
export function VideoPicker({ place, hasVideo }: { place: Place; hasVideo: boolean }) {
  const t = useTranslations('studio.upload')
  const input = useRef<HTMLInputElement>(null)
  const [isOver, setIsOver] = useState(false)
  const begin = (picked: Picked | null) => {
    if (picked) void uploads.start(picked.file, place, picked.handle)
  }
  return (
    <div
      className={clsx(
        'flex flex-wrap items-center gap-3 rounded-xl border border-dashed p-3 transition-colors',
        isOver ? 'border-accent bg-accent-soft' : 'border-line',
      )}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes('Files')) return
        event.preventDefault()
        setIsOver(true)
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={(event) => {
        event.preventDefault()
        setIsOver(false)
        void dropped(event.dataTransfer).then(begin)
      }}
    >
      <Button
        tone="outline"
        onClick={() => (givesHandles() ? void pickByHandle().then(begin) : input.current?.click())}
      >
        <Upload className="size-4" aria-hidden />
        {hasVideo ? t('replace') : t('choose')}
      </Button>
      <span className="text-sm text-muted">{t('dropHere')}</span>
      <input
        ref={input}
        type="file"
        hidden
        aria-label={t('choose')}
        accept={videoTypes}
        onChange={(event) => {
          const [file] = event.target.files ?? []
          event.target.value = ''
          if (file) begin({ file })
        }}
      />
    </div>
  )
}
