'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Confirm } from '@/components/shell/confirm'
import type { LessonMedia } from '@/components/studio/queries'
import { Badge, type Tone } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import { api } from '@/lib/api/client'
import { answer } from '@/lib/api/problem'
import { useProblemWords } from '@/lib/api/words'
import { clock } from '@/lib/time'
import type { Place } from '@/lib/upload/uploads'
import { assetKey, useAsset } from './asset-polling'
import { Captions } from './captions'
import { Preview } from './preview'
import { Steps } from './steps'
import { UploadCard } from './upload-card'
import { useUploadOf } from './uploads'
import { VideoPicker } from './video-picker'

const tones: Record<LessonMedia['asset']['state'], Tone> = {
  uploading: 'accent',
  queued: 'plain',
  processing: 'accent',
  stalled: 'warn',
  ready: 'good',
  failed: 'bad',
  cancelled: 'plain',
}

/** All of a lesson's video: its upload, the seven steps, a preview and captions. */
export function LessonVideo({ place, media }: { place: Place; media: LessonMedia | undefined }) {
  const upload = useUploadOf(place.lessonId)
  const isSending = upload !== undefined && upload.state !== 'done'
  return (
    <div className="grid gap-4">
      {isSending ? (
        <UploadCard upload={upload} />
      ) : (
        <VideoPicker place={place} hasVideo={media?.asset.playable ?? false} />
      )}
      {media && <Encode place={place} media={media} />}
    </div>
  )
}

function Encode({ place, media }: { place: Place; media: LessonMedia }) {
  const t = useTranslations('studio.media')
  const explain = useProblemWords()
  const client = useQueryClient()
  const asset = useAsset(media.asset)
  const [isWatching, setIsWatching] = useState(false)
  const [isStopping, setIsStopping] = useState(false)
  const steer = useMutation({
    mutationFn: (move: 'retry' | 'cancel') => {
      const asked = { params: { path: { asset_id: asset.id } } }
      return answer(
        move === 'retry'
          ? api.POST('/api/v1/media/assets/{asset_id}/retry', asked)
          : api.POST('/api/v1/media/assets/{asset_id}/cancel', asked),
      )
    },
    onSettled: () => {
      void client.invalidateQueries({ queryKey: assetKey(asset.id) })
      void client.invalidateQueries({ queryKey: ['studio', 'media'] })
    },
  })
  // An upload that was given up leaves an asset in which nothing ever happened.
  if (asset.state === 'cancelled' && asset.step === null && !asset.playable) return null
  const isWorking = ['queued', 'processing', 'stalled'].includes(asset.state)
  const canRetry =
    (asset.state === 'failed' && asset.error?.retryable) || (asset.state === 'cancelled' && asset.step !== null)
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <Badge tone={tones[asset.state]}>{t(`state.${asset.state}`)}</Badge>
        {media.filename && <span className="min-w-0 truncate text-sm text-muted">{media.filename}</span>}
        {asset.media && <Facts facts={asset.media} />}
      </div>
      <Steps title={place.lessonTitle} asset={asset} />
      {steer.isError && <Notice tone="bad">{explain(steer.error)}</Notice>}
      <div className="flex flex-wrap gap-2 empty:hidden">
        {(asset.playable || asset.state === 'processing') && (
          <Button tone="outline" aria-expanded={isWatching} onClick={() => setIsWatching(!isWatching)}>
            {isWatching ? t('stopWatching') : t('watch')}
          </Button>
        )}
        {canRetry && (
          <Button busy={steer.isPending} onClick={() => steer.mutate('retry')}>
            {t('retry')}
          </Button>
        )}
        {isWorking && (
          <Button tone="ghost" busy={steer.isPending} onClick={() => setIsStopping(true)}>
            {t('cancel')}
          </Button>
        )}
      </div>
      {isWatching && <Preview title={place.lessonTitle} assetId={asset.id} />}
      <Captions assetId={asset.id} captions={media.captions} />
      <Confirm
        open={isStopping}
        title={t('cancelTitle')}
        text={t('cancelText')}
        action={t('cancel')}
        onClose={() => setIsStopping(false)}
        act={() => steer.mutateAsync('cancel')}
      />
    </>
  )
}

function Facts({ facts }: { facts: NonNullable<LessonMedia['asset']['media']> }) {
  const t = useTranslations('studio.media')
  const length = clock(facts.duration_ms)
  return (
    <span className="text-sm text-muted tabular-nums">
      {facts.width && facts.height
        ? t('facts', { length, size: `${facts.width} × ${facts.height}`, sound: facts.audio ? 'yes' : 'no' })
        : t('soundOnly', { length })}
    </span>
  )
}
