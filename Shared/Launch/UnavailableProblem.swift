import HTTPServer
import Messaging
import ObjectStore
import Redis

/// A dependency that is away is no bug of ours: 503, try again.
func unavailableProblem(_ error: any Error) -> Problem? {
    switch error {
    case let error as StoreError where error.isTransient: .unavailable("The object store does not answer for now.")
    case let error as RedisError where error.code == .unavailable || error.code == .timeout:
        .unavailable("Redis does not answer for now.")
    case is BusError: .unavailable("The bus does not answer for now.")
    default: nil
    }
}
