//! When a job runs. All days are days of UTC.

use jiff::Timestamp;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;

/// How often a recurring job runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Schedule {
    /// Every day.
    Daily,
    /// Every week on this day.
    Weekly(Weekday),
    /// Every month on this day, 1 to 31; months without it are left out.
    Monthly(i8),
}

/// Days within which every schedule has a run: February has no 31st, nor have the months with 30 days.
const LONGEST_GAP: usize = 62;

impl Schedule {
    /// Whether the job runs on that day.
    pub fn runs_on(self, day: Date) -> bool {
        match self {
            Self::Daily => true,
            Self::Weekly(weekday) => day.weekday() == weekday,
            Self::Monthly(number) => day.day() == number,
        }
    }

    /// The first day of a run that is not before `day`; `None` beyond the end of the calendar.
    pub fn next_from(self, day: Date) -> Option<Date> {
        std::iter::successors(Some(day), |day| day.tomorrow().ok()).take(LONGEST_GAP + 1).find(|day| self.runs_on(*day))
    }

    /// The first day of a run after `day`.
    pub fn next_after(self, day: Date) -> Option<Date> {
        self.next_from(day.tomorrow().ok()?)
    }
}

/// The day of UTC that a point in time is in.
pub(super) fn day_of(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}

/// Whether a run of a job is due, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// The job does not exist yet: its first run creates it.
    New,
    /// A run was begun and not brought to its end.
    Unfinished,
    /// The run of that day has not taken place.
    Since(Date),
    /// The next run is on that day; `None` if there will be none.
    NotBefore(Option<Date>),
    /// Another process carries out a run at this moment.
    InProgress,
    /// The job was paused by its user.
    Paused,
    /// The job is complete.
    Complete,
    /// The job was cancelled.
    Cancelled,
}

impl Due {
    /// Whether a run should take place now.
    pub fn is_due(self) -> bool {
        matches!(self, Self::New | Self::Unfinished | Self::Since(_))
    }

    /// In words, such as `not due before 2026-03-31`.
    pub fn in_words(self) -> String {
        match self {
            Self::New => "due: the job does not exist yet".into(),
            Self::Unfinished => "due: its last run did not come to an end".into(),
            Self::Since(day) => format!("due since {day}"),
            Self::NotBefore(Some(day)) => format!("not due before {day}"),
            Self::NotBefore(None) => "never due again".into(),
            Self::InProgress => "not due: a run is in progress".into(),
            Self::Paused => "not due: the job is paused".into(),
            Self::Complete => "not due: the job is complete".into(),
            Self::Cancelled => "not due: the job was cancelled".into(),
        }
    }

    /// What a recurring job that is idle has to do at `now`: it was created at `created_at`, and its last run began at
    /// `last_run`. With `initial_run` the first run takes place at once, whatever the day.
    pub(super) fn of_schedule(
        schedule: Schedule,
        initial_run: bool,
        created_at: Timestamp,
        last_run: Option<Timestamp>,
        now: Timestamp,
    ) -> Self {
        let next = match last_run {
            None if initial_run => Some(day_of(created_at)),
            None => schedule.next_from(day_of(created_at)),
            Some(last) => schedule.next_after(day_of(last)),
        };
        match next {
            Some(day) if day <= day_of(now) => Self::Since(day),
            next => Self::NotBefore(next),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    #[test]
    fn months_without_the_day_are_left_out() {
        let days = |number: i8, from: Date, count: usize| {
            let schedule = Schedule::Monthly(number);
            let next = |day: &Date| schedule.next_after(*day);
            std::iter::successors(schedule.next_from(from), next)
                .take(count)
                .map(|day| day.to_string())
                .collect::<Vec<_>>()
        };
        assert_eq!(days(31, date(2026, 1, 31), 4), ["2026-01-31", "2026-03-31", "2026-05-31", "2026-07-31"]);
        assert_eq!(days(31, date(2026, 7, 31), 3), ["2026-07-31", "2026-08-31", "2026-10-31"]);
        assert_eq!(days(30, date(2026, 1, 30), 2), ["2026-01-30", "2026-03-30"]);
        assert_eq!(days(29, date(2026, 2, 1), 2), ["2026-03-29", "2026-04-29"]);
        assert_eq!(days(29, date(2028, 2, 1), 2), ["2028-02-29", "2028-03-29"]);
        assert_eq!(days(1, date(2026, 12, 2), 1), ["2027-01-01"]);
    }

    #[test]
    fn a_job_is_due_from_the_first_second_of_its_day_in_utc() {
        let due = |now: &str| {
            let (created, last) = (at("2026-03-29T00:30:00Z"), Some(at("2026-03-29T23:59:59Z")));
            Due::of_schedule(Schedule::Daily, false, created, last, at(now))
        };
        assert_eq!(due("2026-03-29T23:59:59.9Z"), Due::NotBefore(Some(date(2026, 3, 30))));
        assert_eq!(due("2026-03-30T00:00:00Z"), Due::Since(date(2026, 3, 30)));
        // The night on which clocks in Europe are put back has no say in it.
        let last = Some(at("2026-10-25T00:00:00Z"));
        let due = |now: &str| Due::of_schedule(Schedule::Daily, false, at("2026-01-01T00:00:00Z"), last, at(now));
        assert_eq!(due("2026-10-25T23:59:59Z"), Due::NotBefore(Some(date(2026, 10, 26))));
        assert!(due("2026-10-26T00:00:00Z").is_due());
    }

    #[test]
    fn the_first_run_is_at_once_when_it_is_the_day_or_an_initial_run_is_wanted() {
        let created = at("2026-11-25T08:00:00Z"); // a Wednesday
        let due = |schedule, initial| Due::of_schedule(schedule, initial, created, None, created);
        assert!(due(Schedule::Daily, false).is_due());
        assert!(due(Schedule::Weekly(Weekday::Wednesday), false).is_due());
        assert!(due(Schedule::Monthly(25), false).is_due());
        assert_eq!(due(Schedule::Weekly(Weekday::Tuesday), false), Due::NotBefore(Some(date(2026, 12, 1))));
        assert_eq!(due(Schedule::Monthly(24), false), Due::NotBefore(Some(date(2026, 12, 24))));
        assert!(due(Schedule::Weekly(Weekday::Tuesday), true).is_due());
    }

    #[test]
    fn runs_that_were_missed_are_made_up_for_once() {
        let (created, last) = (at("2026-01-01T00:00:00Z"), at("2026-01-05T10:00:00Z"));
        let weekly = Schedule::Weekly(Weekday::Monday);
        let late = at("2026-02-04T10:00:00Z");
        assert_eq!(Due::of_schedule(weekly, false, created, Some(last), late), Due::Since(date(2026, 1, 12)));
        assert_eq!(Due::of_schedule(weekly, false, created, Some(late), late), Due::NotBefore(Some(date(2026, 2, 9))));
    }

    proptest! {
        #[test]
        fn the_next_day_is_the_first_on_which_the_job_runs(
            start in 0..200_000i64, kind in 0..3, weekday in 1..=7i8, number in 1..=31i8,
        ) {
            let schedule = match kind {
                0 => Schedule::Daily,
                1 => Schedule::Weekly(Weekday::from_monday_one_offset(weekday).expect("a weekday")),
                _ => Schedule::Monthly(number),
            };
            let day = day_of(Timestamp::from_second(start * 86_400 / 10).expect("in range"));
            let next = schedule.next_from(day).expect("there is always a next one");
            prop_assert!(next >= day && schedule.runs_on(next));
            let mut before = day;
            while before < next {
                prop_assert!(!schedule.runs_on(before));
                before = before.tomorrow().expect("in range");
            }
            prop_assert!(schedule.next_after(day).expect("there is always a next one") > day);
        }
    }
}
