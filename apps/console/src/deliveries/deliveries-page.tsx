import { useState, type FormEvent, type ReactNode } from "react";
import { Link } from "../app/navigation.tsx";
import { useServices } from "../app/services.tsx";
import { useQuery } from "../app/use-query.ts";
import { Button } from "../design/button.tsx";
import { Icon } from "../design/icon.tsx";
import { Page } from "../design/page.tsx";
import { Select } from "../design/segmented.tsx";
import { useSpeech } from "../i18n/language.tsx";
import { platformName } from "../sessions/platform-name.ts";
import { DeliveryTable } from "./delivery-table.tsx";
import { EventTable } from "./event-table.tsx";

/** What goes out and what comes in. */
export function Deliveries({ tab }: { readonly tab: "outgoing" | "incoming" }): ReactNode {
  const { t } = useSpeech();
  const [platform, setPlatform] = useState("");
  const chosen = platform === "" ? undefined : platform;
  return (
    <Page
      title={t.pages.deliveries}
      description={tab === "outgoing" ? t.deliveries.description : t.events.description}
      actions={<LookUp />}
    >
      <nav className="tabs" aria-label={t.deliveries.tabs}>
        {(["outgoing", "incoming"] as const).map((known) => (
          <Link key={known} to={{ page: "deliveries", tab: known }} className="tab" isCurrent={known === tab}>
            <Icon name={known === "outgoing" ? "paper" : "inbox"} />
            {t.deliveries[known]}
          </Link>
        ))}
      </nav>
      {tab === "outgoing" ? (
        <DeliveryTable platform={chosen} filter={<PlatformFilter value={platform} onChange={setPlatform} />} />
      ) : (
        <EventTable platform={chosen} filter={<PlatformFilter value={platform} onChange={setPlatform} />} />
      )}
    </Page>
  );
}

function PlatformFilter({ value, onChange }: { readonly value: string; readonly onChange: (value: string) => void }): ReactNode {
  const { t } = useSpeech();
  const { client } = useServices();
  const platforms = useQuery("platforms.list", async () => await client.call("platforms.list"));
  const options = [
    { value: "", label: t.common.anyPlatform },
    ...(platforms.data?.rows ?? []).map(({ id }) => ({ value: id, label: platformName(id) })),
  ];
  return <Select label={t.common.platform} hasHiddenLabel value={value} options={options} onChange={onChange} />;
}

function LookUp(): ReactNode {
  const { t } = useSpeech();
  const { navigation } = useServices();
  const [id, setId] = useState("");
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (id.trim() !== "") navigation.go({ page: "message", id: id.trim() });
  };
  return (
    <form className="look-up" role="search" onSubmit={submit}>
      <input
        className="input"
        value={id}
        aria-label={t.deliveries.lookUp}
        placeholder={t.deliveries.lookUpHint}
        maxLength={1024}
        spellCheck={false}
        onChange={(event) => setId(event.target.value)}
      />
      <Button type="submit" icon="search" disabled={id.trim() === ""}>
        {t.deliveries.lookUpSubmit}
      </Button>
    </form>
  );
}
