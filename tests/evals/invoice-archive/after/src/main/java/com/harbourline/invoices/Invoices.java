package com.harbourline.invoices;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.springframework.data.repository.Repository;

/** All invoices of all accounts. Numbers are unique among them. */
public interface Invoices extends Repository<Invoice, Long> {
    Optional<Invoice> findByNumber(String number);

    List<Invoice> findAllByNumberIn(Collection<String> numbers);
}
