// Two calendars that neither we nor our library wrote: ical.js (Mozilla's) and node-ical.
//
// Reads a JSON list of mailboxes from standard input. A mailbox lists the calendar parts of its
// mails as they arrive, {method, text} each, `method` being that of the MIME type. Each calendar
// keeps one entry by UID as a mail client does (RFC 5546, 2.1.5): the higher SEQUENCE wins, then the
// later DTSTAMP; a CANCEL needs a higher SEQUENCE (Outlook and Apple ignore it else), removes the
// entry, and no older mail brings it back. Writes for every mail of every mailbox what each calendar
// then shows. A parser's complaint ends the program.

import { readFileSync } from "node:fs";
import ICAL from "ical.js";
import ical from "node-ical";

const utc = (date) => new Date(date).toISOString();
const bare = (address) => String(address).replace(/^mailto:/i, "");
const one = (found, what) => {
  if (found.length !== 1) throw new Error(`${found.length} ${what}`);
  return found[0];
};

function byIcalJs(text) {
  const calendar = new ICAL.Component(ICAL.parse(text));
  const zones = calendar.getAllSubcomponents("vtimezone").map((zone) => new ICAL.Timezone(zone));
  const event = new ICAL.Event(one(calendar.getAllSubcomponents("vevent"), "events"));
  const guest = one(event.attendees, "guests");
  const organizer = event.component.getFirstProperty("organizer");
  // Only the file's own VTIMEZONE counts: this library ships no zones.
  const zone = event.component.getFirstProperty("dtstart").getParameter("tzid");
  const explained = one(zones.filter((known) => known.tzid === zone), "zones");
  const instant = (time) => {
    time.zone = explained;
    return utc(time.toJSDate());
  };
  return {
    method: calendar.getFirstPropertyValue("method"),
    uid: event.uid,
    sequence: event.sequence,
    stamp: utc(event.component.getFirstPropertyValue("dtstamp").toJSDate()),
    start: instant(event.startDate),
    end: instant(event.endDate),
    zone,
    summary: event.summary,
    location: event.location,
    description: event.description,
    status: event.component.getFirstPropertyValue("status"),
    organizer: [organizer.getParameter("cn"), bare(organizer.getFirstValue())],
    guest: [guest.getParameter("cn"), bare(guest.getFirstValue())],
    partstat: guest.getParameter("partstat") ?? "",
    rsvp: guest.getParameter("rsvp") ?? "",
    alarms: event.component.getAllSubcomponents("valarm").map(
      (alarm) => alarm.getFirstPropertyValue("trigger").toString()),
  };
}

function byNodeIcal(text) {
  const parsed = ical.sync.parseICS(text);
  const event = one(Object.values(parsed).filter((part) => part.type === "VEVENT"), "events");
  const guest = one([event.attendee].flat(), "guests");
  return {
    method: parsed.vcalendar.method,
    uid: event.uid,
    sequence: Number(event.sequence),
    stamp: utc(event.dtstamp),
    start: utc(event.start),
    end: utc(event.end),
    zone: event.start.tz,
    summary: event.summary,
    location: event.location,
    description: event.description,
    status: event.status,
    organizer: [event.organizer.params.CN, bare(event.organizer.val)],
    guest: [guest.params.CN, bare(guest.val)],
    partstat: guest.params.PARTSTAT ?? "",
    rsvp: String(guest.params.RSVP ?? "").toUpperCase(),
    alarms: (event.alarms ?? []).map((alarm) => alarm.trigger),
  };
}

class Calendar {
  constructor(read) {
    this.read = read;
    this.known = new Map(); // by UID, those that were removed included
  }

  take({ method, text }) {
    const entry = this.read(text);
    if (entry.method !== method) throw new Error(`${entry.method} in the file, ${method} outside`);
    const before = this.known.get(entry.uid);
    const again = before && entry.sequence === before.sequence && entry.stamp >= before.stamp
      && entry.method !== "CANCEL" && before.method !== "CANCEL";
    const news = !before || entry.sequence > before.sequence || again;
    if (news) this.known.set(entry.uid, entry);
    return [...this.known.values()].filter((kept) => kept.method !== "CANCEL");
  }
}

const mailboxes = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(mailboxes.map((mails) => {
  const calendars = [new Calendar(byIcalJs), new Calendar(byNodeIcal)];
  return mails.map((mail) => calendars.map((calendar) => calendar.take(mail)));
})));
