package com.harbourline.access;

import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ResponseStatusException;

/** Who may see what. */
@Component
public class Access {
    private final Memberships memberships;

    public Access(Memberships memberships) {
        this.memberships = memberships;
    }

    /** Throws 404, not 403, where the user is no member: who may not see an account need not know that it is there. */
    public void requireMember(User user, String account) {
        if (!memberships.exists(user.id(), account)) {
            throw new ResponseStatusException(HttpStatus.NOT_FOUND);
        }
    }
}
