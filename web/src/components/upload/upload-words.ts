'use client'
import { useFormatter, useTranslations } from 'use-intl'
import { Problem } from '@/lib/api/problem'
import { useProblemWords } from '@/lib/api/words'
import { roundedLength } from '@/lib/time'
import { PartRefused } from '@/lib/upload/transfer'
import { SentElsewhere, WrongFile, type UploadView } from '@/lib/upload/uploads'

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const

/** 1.4 GB, in the visitor's language. */
export function useBytes() {
  const format = useFormatter()
  return (bytes: number) => {
    const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3))
    const unit = units[power] ?? 'byte'
    return format.number(bytes / 1000 ** power, { style: 'unit', unit, maximumFractionDigits: power > 1 ? 1 : 0 })
  }
}

/** 3 minutes, 20 seconds. */
export function useLength() {
  const t = useTranslations('common')
  return (ms: number) => {
    const { unit, value } = roundedLength(ms)
    return t(unit, { count: value })
  }
}

export const percentOf = ({ sentBytes, sizeBytes }: UploadView) =>
  sizeBytes === 0 ? 0 : Math.min(100, Math.floor((sentBytes / sizeBytes) * 100))

/** What to say of an upload: where it stands, and what is wrong with it, if anything is. */
export function useUploadWords() {
  const t = useTranslations('studio.upload')
  const format = useFormatter()
  const bytes = useBytes()
  const length = useLength()
  const explain = useProblemWords()

  const trouble = (upload: UploadView): string | null => {
    const { problem } = upload
    if (problem === null) return null
    if (problem instanceof WrongFile) return t('wrongFile', { name: upload.name })
    if (problem instanceof SentElsewhere) return t('elsewhere')
    if (problem instanceof PartRefused) return t('refused')
    if (problem instanceof Problem) {
      const { limit_bytes: limit, used_bytes: used } = problem.extensions
      if (problem.code === 'upload_quota_exceeded' && typeof limit === 'number' && typeof used === 'number')
        return t('quota', { limit: bytes(limit), used: bytes(used) })
      if (problem.code === 'file_too_large' && typeof limit === 'number') return t('tooLarge', { limit: bytes(limit) })
    }
    return explain(problem)
  }

  const standing = (upload: UploadView): string => {
    const percent = format.number(percentOf(upload) / 100, { style: 'percent' })
    switch (upload.state) {
      case 'sending':
        return [
          t('sending', { percent, sent: bytes(upload.sentBytes), total: bytes(upload.sizeBytes) }),
          upload.bytesPerSecond !== null && t('rate', { rate: bytes(upload.bytesPerSecond) }),
          upload.secondsLeft !== null && t('left', { left: length(upload.secondsLeft * 1000) }),
        ]
          .filter(Boolean)
          .join(' · ')
      case 'paused':
      case 'asleep':
        return t(upload.state, { percent })
      case 'file_needed':
        return t('file_needed', { percent, name: upload.name })
      default:
        return t(upload.state)
    }
  }
  return { standing, trouble }
}
