import { BadgeCheck, FileDown, ShieldX } from 'lucide-react'
import { lengthWords } from '@/components/course/length'
import { Logo } from '@/components/shell/logo'
import { buttonStyles } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import { getFormatter, getTranslations } from '@/i18n/server'
import type { Certificate } from '@/lib/catalog/types'

/** A certificate as anybody sees it who has its code. */
export async function CertificateSheet({ certificate }: { certificate: Certificate }) {
  const [t, words, format] = [
    await getTranslations('certificate'),
    await getTranslations('catalog'),
    await getFormatter(),
  ]
  const day = (at: string) => format.dateTime(new Date(at), { dateStyle: 'long' })
  const { revoked_at: revokedAt, lesson_count: count, duration_ms: ms } = certificate
  const Seal = revokedAt ? ShieldX : BadgeCheck
  const facts = [
    [t('completed'), day(certificate.completed_at)],
    [t('issued'), day(certificate.issued_at)],
    [t('instructor'), certificate.instructor_name],
    [
      t('scope'),
      [words('lessons', { count }), ...(ms > 0 ? [lengthWords(await getTranslations('common'), ms)] : [])].join(', '),
    ],
    [t('code'), certificate.code],
  ] as const
  return (
    <div className="mx-auto grid max-w-3xl gap-5 px-5 pt-8 md:pt-12">
      {revokedAt ? (
        <Notice tone="warn">{t('revoked', { date: day(revokedAt) })}</Notice>
      ) : (
        <Notice tone="good">{t('valid')}</Notice>
      )}
      <article className="overflow-hidden rounded-card border border-line bg-surface shadow-lift">
        <div className="flex items-center justify-between gap-4 bg-night px-6 py-5 text-white sm:px-10">
          <Logo />
          <Seal className={`size-10 ${revokedAt ? 'text-white/60' : 'text-gold'}`} aria-hidden />
        </div>
        <div className="px-6 py-8 sm:px-10 sm:py-12">
          <p className="text-sm font-bold tracking-wide text-accent uppercase">{t('heading')}</p>
          <h1 className="mt-3 text-3xl font-extrabold sm:text-4xl">{certificate.learner_name}</h1>
          <p className="mt-3 text-muted">{t('did')}</p>
          <p lang={certificate.language} className={`mt-1 text-xl font-bold ${revokedAt ? 'line-through' : ''}`}>
            {certificate.course_title}
          </p>
          <dl className="mt-8 grid gap-x-8 gap-y-5 border-t border-line pt-6 sm:grid-cols-2">
            {facts.map(([name, value]) => (
              <div key={name}>
                <dt className="text-sm text-muted">{name}</dt>
                <dd className="font-semibold">{value}</dd>
              </div>
            ))}
          </dl>
          {!revokedAt && (
            <a href={`/certificates/${certificate.code}/pdf`} className={`${buttonStyles({ tone: 'outline' })} mt-8`}>
              <FileDown className="size-4" aria-hidden />
              {t('pdf')}
            </a>
          )}
        </div>
      </article>
    </div>
  )
}
