import { NotebookPen, Play } from 'lucide-react'
import { Artwork } from '@/components/course/generated-cover'
import { getTranslations } from '@/i18n/server'

/** What Kosu is about in one picture: a lecture, and notes that are fastened to moments of it. */
export async function NoteMotif() {
  const t = await getTranslations('catalog')
  return (
    <figure aria-label={t('motif.label')} className="relative mx-auto w-full max-w-md md:mr-0">
      <div aria-hidden className="overflow-hidden rounded-card border border-line bg-night shadow-lift">
        <div className="relative">
          <Artwork motif="arc" hue={14} className="block aspect-video w-full" />
          <span className="absolute inset-0 grid place-items-center">
            <span className="grid size-14 place-items-center rounded-full bg-surface/95 shadow-card">
              <Play className="ml-0.5 size-6 fill-ink text-ink" />
            </span>
          </span>
        </div>
        <div className="px-4 pt-4 pb-6 text-white">
          <div className="relative h-1.5 rounded-full bg-white/20">
            <div className="h-full w-[46%] origin-left animate-[motif-play_1.2s_ease-out] rounded-full bg-glow" />
            {['18%', '46%', '71%'].map((left, place) => (
              <span
                key={left}
                style={{ left, animationDelay: `${place * 0.3}s` }}
                className="absolute -top-1 size-3.5 -translate-x-1/2 animate-[motif-pin_0.5s_ease-out_backwards] rounded-full border-2 border-night bg-gold"
              />
            ))}
          </div>
          <p className="mt-3 flex justify-between gap-4 text-xs text-white/80">
            <span className="truncate">{t('motif.lesson')}</span>
            <span className="tabular-nums">05:02 / 11:00</span>
          </p>
        </div>
      </div>
      <figcaption className="relative z-10 -mt-3 ml-auto w-[88%] rounded-card border border-line bg-surface p-4 shadow-card sm:-mr-4">
        <p className="flex items-center gap-2 text-sm font-bold">
          <NotebookPen className="size-4 text-accent" aria-hidden />
          {t('motif.note')}
          <span className="rounded-full bg-accent-soft px-2 py-0.5 text-xs text-accent-strong tabular-nums">05:02</span>
        </p>
        <p className="mt-1.5 text-[0.9375rem] leading-relaxed text-muted">{t('motif.words')}</p>
      </figcaption>
    </figure>
  )
}
