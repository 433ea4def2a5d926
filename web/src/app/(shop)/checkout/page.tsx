import { PackageX } from 'lucide-react'
import type { Metadata } from 'next'
import { cookies } from 'next/headers'
import Link from 'next/link'
import { notFound, redirect } from 'next/navigation'
import { Checkout } from '@/components/checkout/checkout'
import { Blank } from '@/components/ui/blank'
import { buttonStyles } from '@/components/ui/button'
import { getTranslations } from '@/i18n/server'
import { signedInCookie } from '@/lib/api/marks'
import { Problem } from '@/lib/api/problem'
import { openingOf } from '@/lib/checkout/opening'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('checkout')
  return { title: t('title') }
}

export default async function CheckoutPage({ searchParams }: PageProps<'/checkout'>) {
  const t = await getTranslations('checkout')
  const { course: asked } = await searchParams
  if (typeof asked !== 'string' || !asked) notFound()
  const opening = await openingOf(asked).catch((cause: unknown) => {
    if (cause instanceof Problem && cause.status === 404) notFound()
    if (cause instanceof Problem && cause.code === 'course_not_for_sale') return null
    throw cause
  })
  if (!opening)
    return (
      <Blank
        icon={PackageX}
        heading="h1"
        title={t('notForSale')}
        action={
          <Link href="/explore" className={buttonStyles()}>
            {t('otherCourses')}
          </Link>
        }
      />
    )
  const { course, quote } = opening
  if (course.access.state === 'enrolled' || course.access.state === 'owner') redirect(`/courses/${course.slug}`)
  return (
    <div className="mx-auto max-w-4xl px-5 py-8 md:py-12">
      <h1 className="text-3xl font-extrabold">{t('title')}</h1>
      <Checkout
        course={{ id: course.id, slug: course.slug, cover_url: course.cover_url, by: course.instructor.display_name }}
        opening={quote}
        isSignedIn={(await cookies()).has(signedInCookie)}
      />
    </div>
  )
}
