'use client'
import { Pause, Play, X } from 'lucide-react'
import { useRef } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '@/components/ui/button'
import { Progress } from '@/components/ui/progress'
import type { UploadView } from '@/lib/upload/uploads'
import { videoTypes } from './picking'
import { percentOf, useUploadWords } from './upload-words'
import { uploads } from './uploads'

/** An upload: how far it is, what to do about it. */
export function UploadCard({ upload }: { upload: UploadView }) {
  const t = useTranslations('studio.upload')
  const words = useUploadWords()
  const input = useRef<HTMLInputElement>(null)
  const { key, state } = upload
  const trouble = words.trouble(upload)
  const isOver = state === 'done' || state === 'failed'
  return (
    <div className="grid gap-2">
      <p className="truncate text-sm font-semibold" title={upload.name}>
        {upload.lessonTitle}
      </p>
      <Progress percent={percentOf(upload)} label={t('progressOf', { name: upload.name })} />
      <p className="text-sm break-words text-muted tabular-nums">{words.standing(upload)}</p>
      {trouble && (
        <p role="alert" className="text-sm font-medium text-bad">
          {trouble}
        </p>
      )}
      <div className="flex flex-wrap gap-2 empty:hidden">
        {(state === 'sending' || state === 'offline') && (
          <Button tone="outline" onClick={() => uploads.pause(key)}>
            <Pause className="size-4" aria-hidden />
            {t('pause')}
          </Button>
        )}
        {(state === 'paused' || state === 'asleep' || state === 'failed') && (
          <Button onClick={() => void uploads.resume(key)}>
            <Play className="size-4" aria-hidden />
            {t('resume')}
          </Button>
        )}
        {state === 'file_needed' && <Button onClick={() => input.current?.click()}>{t('pickAgain')}</Button>}
        {isOver ? (
          <Button tone="ghost" onClick={() => uploads.dismiss(key)}>
            {t('dismiss')}
          </Button>
        ) : (
          state !== 'completing' && (
            <Button tone="ghost" onClick={() => void uploads.cancel(key)}>
              <X className="size-4" aria-hidden />
              {t('cancel')}
            </Button>
          )
        )}
      </div>
      <input
        ref={input}
        type="file"
        hidden
        aria-label={t('pickAgain')}
        accept={videoTypes}
        onChange={(event) => {
          const [file] = event.target.files ?? []
          event.target.value = ''
          if (file) void uploads.resumeWith(key, file)
        }}
      />
    </div>
  )
}
