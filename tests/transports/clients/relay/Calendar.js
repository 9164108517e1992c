// What a Relay app would write against the contract: a page, a fragment, pagination and refetching.
import { graphql } from "relay-runtime";

export const page = graphql`
  query CalendarPageQuery($event: ID!, $count: Int!) {
    viewer {
      account {
        id
        name
      }
    }
    ...Calendar_events @arguments(count: $count)
    node(id: $event) {
      __typename
      ...Calendar_event @alias
    }
  }
`;

export const event = graphql`
  fragment Calendar_event on Event @refetchable(queryName: "CalendarEventRefetchQuery") {
    title
    status
    startsAt
    reason
  }
`;

export const events = graphql`
  fragment Calendar_events on Query
  @argumentDefinitions(count: { type: "Int", defaultValue: 10 }, cursor: { type: "String" })
  @refetchable(queryName: "CalendarEventsPaginationQuery") {
    events(first: $count, after: $cursor, status: [SCHEDULED]) @connection(key: "Calendar_events") {
      edges {
        node {
          id
          ...Calendar_event
        }
      }
    }
  }
`;

export const city = graphql`
  fragment Calendar_city on City @refetchable(queryName: "CalendarCityRefetchQuery") {
    name
    mayor {
      name
    }
  }
`;

export const postpone = graphql`
  mutation CalendarPostponeMutation($input: PostponeEventInput!) {
    postponeEvent(input: $input) {
      __typename
      ... on Event {
        ...Calendar_event @alias
      }
      ... on Problem {
        message
      }
    }
  }
`;

export const postponed = graphql`
  subscription CalendarPostponedSubscription($after: Cursor) {
    eventPostponed(after: $after) {
      __typename
      ... on EventPostponed {
        cursor
        event {
          ...Calendar_event
        }
      }
    }
  }
`;
