'use client'
import { useQueryClient } from '@tanstack/react-query'
import { ChevronDown, ChevronUp } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslations } from 'use-intl'
import type { UploadView } from '@/lib/upload/uploads'
import { UploadCard } from './upload-card'
import { uploads, useUploads } from './uploads'

const waiting = (upload: UploadView) => ['paused', 'asleep', 'file_needed', 'failed'].includes(upload.state)

/** All uploads, wherever one is in the studio. While one moves, the browser asks before the page is left. */
export function UploadTray() {
  const t = useTranslations('studio.upload')
  const [isOpen, setIsOpen] = useState(true)
  const all = useUploads()
  const client = useQueryClient()
  const moving = all.filter((upload) => !waiting(upload) && upload.state !== 'done').length
  const done = all.filter((upload) => upload.state === 'done').length
  const begun = all.filter((upload) => upload.sentBytes > 0).length

  useEffect(() => void uploads.restore(), [])
  // What the lessons' videos are at changes when an upload begins and when it has ended.
  useEffect(() => void client.invalidateQueries({ queryKey: ['studio', 'media'] }), [client, begun, done])
  useEffect(() => {
    if (moving === 0) return
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    addEventListener('beforeunload', ask)
    return () => removeEventListener('beforeunload', ask)
  }, [moving])

  if (all.length === 0) return null
  const stuck = all.filter(waiting).length
  const summary =
    moving > 0 ? t('moving', { count: moving }) : stuck > 0 ? t('waiting', { count: stuck }) : t('finished')
  return (
    <section
      aria-label={t('tray')}
      className="fixed right-4 bottom-4 z-30 w-[min(24rem,calc(100vw-2rem))] rounded-card border border-line bg-surface shadow-lift"
    >
      <h2>
        <button
          type="button"
          aria-expanded={isOpen}
          title={isOpen ? t('collapse') : t('expand')}
          onClick={() => setIsOpen(!isOpen)}
          className="flex h-12 w-full items-center justify-between gap-3 rounded-card px-4 text-left font-sans text-[0.9375rem] font-semibold tracking-normal -outline-offset-2"
        >
          <span role="status">{summary}</span>
          {isOpen ? <ChevronDown className="size-5" aria-hidden /> : <ChevronUp className="size-5" aria-hidden />}
        </button>
      </h2>
      {isOpen && (
        <ul className="max-h-[min(24rem,50dvh)] divide-y divide-line overflow-y-auto border-t border-line">
          {all.map((upload) => (
            <li key={upload.key} className="p-4">
              <UploadCard upload={upload} />
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
