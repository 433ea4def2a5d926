import { Check } from 'lucide-react'
import { Markdown } from '@/components/ui/markdown'
import { getTranslations } from '@/i18n/server'
import type { CoursePage } from '@/lib/catalog/types'

/** What the course teaches and how its instructor describes it. */
export async function Overview({ course: { outcomes, description, language } }: { course: CoursePage }) {
  const t = await getTranslations('catalog')
  return (
    <section id="overview" aria-labelledby="overview-title" className="scroll-mt-32 pt-8">
      <h2 id="overview-title" className="text-xl font-bold sm:text-2xl">
        {outcomes.length > 0 ? t('outcomes') : t('parts.overview')}
      </h2>
      {outcomes.length > 0 && (
        <ul lang={language} className="mt-4 grid gap-3 sm:grid-cols-2">
          {outcomes.map((outcome) => (
            <li key={outcome} className="flex gap-2.5">
              <Check className="mt-0.5 size-5 shrink-0 text-accent" aria-hidden />
              {outcome}
            </li>
          ))}
        </ul>
      )}
      {description.trim() && (
        <div lang={language} className="mt-6 max-w-2xl">
          <Markdown source={description} below={2} />
        </div>
      )}
    </section>
  )
}
