import { SettingsNav } from '@/components/account/settings-nav'
import { VerifyBanner } from '@/components/account/verify-banner'
import { MembersOnly } from '@/components/shell/members-only'
import { Words } from '@/i18n/words'
import { Queries } from '@/lib/api/query'
import { serverApi } from '@/lib/api/server'

export default async function SettingsLayout({ children }: { children: React.ReactNode }) {
  // Known at once, what is shown of it moves nothing later.
  const { data: known } = await (await serverApi()).GET('/api/v1/me')
  return (
    <Words of={['settings', 'auth']}>
      <MembersOnly>
        <Queries>
          <div className="mx-auto grid max-w-5xl grid-cols-[minmax(0,1fr)] gap-6 px-5 py-6 md:grid-cols-[13rem_minmax(0,1fr)] md:gap-10 md:py-12">
            <SettingsNav />
            <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] content-start gap-6">
              <VerifyBanner known={known} />
              {children}
            </div>
          </div>
        </Queries>
      </MembersOnly>
    </Words>
  )
}
