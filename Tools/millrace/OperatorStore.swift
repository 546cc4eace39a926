import Glibc
import Launch
import ObjectStore

/// The store as an operator reaches it: itself, as `MILLRACE_STORE` says.
func operatorStore() throws -> any ObjectStore {
    let location = try LocalStack.environment.string("MILLRACE_STORE", default: "file://./.millrace/store")
    let folder = location.hasPrefix("file://") ? String(location.dropFirst("file://".count)) : nil
    // It would be made, and be empty.
    if let folder, access(folder + "/objects", R_OK | X_OK) != 0 {
        throw CommandError(description: "there is no store at \(folder); set MILLRACE_STORE")
    }
    let cold = try LocalStack.environment.coldStorage(of: location)
    return try openStore(location, signingKey: [], publicURL: "", cold: cold, environment: LocalStack.variables)
}
